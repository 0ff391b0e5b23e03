use session_runtime::SessionData;

#[derive(SessionData)]
#[session(rename_all = "PascalCase")]
struct Account {
    return_to: String,
    return__to: String,
}

fn main() {}
