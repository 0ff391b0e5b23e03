use session_runtime::SessionData;

#[derive(SessionData)]
#[session(expires = "15m")]
struct Account {
    uid: i64,
}

fn main() {}
