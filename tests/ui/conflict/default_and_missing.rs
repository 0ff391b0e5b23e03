use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(default, missing = 404)]
    uid: i64,
}

fn main() {}
