use session_runtime::SessionData;

#[derive(SessionData)]
#[session(handle = "struct")]
struct Account {
    uid: i64,
}

fn main() {}
