use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(ttl = "15min")]
    uid: i64,
}

fn main() {}
