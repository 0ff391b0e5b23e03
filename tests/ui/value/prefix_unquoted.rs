use session_runtime::SessionData;

#[derive(SessionData)]
#[session(prefix = account)]
struct Account {
    uid: i64,
}

fn main() {}
