use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(alias = "id")]
    uid: i64,
    #[session(alias = "id")]
    user: i64,
}

fn main() {}
