use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(missing = 500)]
    uid: i64,
}

fn main() {}
