use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(value = "String")]
    uid: i64,
}

fn main() {}
