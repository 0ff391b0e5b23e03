use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(value = 7)]
    uid: i64,
}

fn main() {}
