use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(max_len = LIMIT)]
    uid: i64,
}

fn main() {}
