use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(missing = 99999999999)]
    uid: i64,
}

fn main() {}
