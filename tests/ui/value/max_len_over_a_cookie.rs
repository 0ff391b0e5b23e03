use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(max_len = 5000)]
    uid: i64,
}

fn main() {}
