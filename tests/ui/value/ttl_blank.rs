use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "")]
    uid: i64,
}

fn main() {}
