use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "15m", owner)]
    uid: i64,
}

fn main() {}
