use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "0s")]
    uid: i64,
}

fn main() {}
