use session_runtime::SessionData;

#[derive(SessionData)]
#[session(handle = "my account")]
struct Account {
    uid: i64,
}

fn main() {}
