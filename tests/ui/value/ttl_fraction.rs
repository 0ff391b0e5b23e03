use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "1.5h")]
    uid: i64,
}

fn main() {}
