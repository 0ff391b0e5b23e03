use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(alias = "id", alias = "id")]
    uid: i64,
}

fn main() {}
