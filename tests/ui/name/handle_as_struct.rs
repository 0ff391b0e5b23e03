use session_runtime::SessionData;

#[derive(SessionData)]
#[session(handle = "Account")]
struct Account {
    uid: i64,
}

fn main() {}
