use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "1h30m")]
    uid: i64,
}

fn main() {}
