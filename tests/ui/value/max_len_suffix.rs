use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(max_len = 200usize)]
    uid: i64,
}

fn main() {}
