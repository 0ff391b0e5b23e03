use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(expires = "15m")]
    uid: i64,
}

fn main() {}
