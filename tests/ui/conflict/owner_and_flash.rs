use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(owner, flash)]
    uid: i64,
}

fn main() {}
