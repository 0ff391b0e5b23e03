use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(flahs)]
    uid: i64,
}

fn main() {}
