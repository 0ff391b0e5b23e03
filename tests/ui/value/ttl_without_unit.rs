use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "15")]
    uid: i64,
}

fn main() {}
