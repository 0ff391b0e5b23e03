use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(max_len = 0)]
    uid: i64,
}

fn main() {}
