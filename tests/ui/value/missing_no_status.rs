use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(missing = 4)]
    uid: i64,
}

fn main() {}
