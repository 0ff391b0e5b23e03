use session_runtime::SessionData;

#[derive(SessionData)]
#[session(handle = Session)]
struct Account {
    uid: i64,
}

fn main() {}
