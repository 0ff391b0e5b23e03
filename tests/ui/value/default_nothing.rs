use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(default =)]
    uid: i64,
}

fn main() {}
