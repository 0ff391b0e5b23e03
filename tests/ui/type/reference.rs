use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(rename = "mail")]
    email: &'static str,
}

fn main() {}
