use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "15m", ttl = "20m")]
    uid: i64,
}

fn main() {}
