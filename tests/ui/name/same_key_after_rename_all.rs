use session_runtime::SessionData;

#[derive(SessionData)]
#[session(rename_all = "camelCase")]
struct Account {
    return_to: String,
    #[session(rename = "returnTo")]
    target: String,
}

fn main() {}
