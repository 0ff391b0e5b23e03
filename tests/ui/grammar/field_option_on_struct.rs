use session_runtime::SessionData;

#[derive(SessionData)]
#[session(flash)]
struct Account {
    uid: i64,
}

fn main() {}
