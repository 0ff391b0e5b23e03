use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "401d")]
    uid: i64,
}

fn main() {}
