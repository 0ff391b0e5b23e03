use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "-3m")]
    uid: i64,
}

fn main() {}
