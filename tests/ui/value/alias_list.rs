use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(alias = ["id", "user"])]
    uid: i64,
}

fn main() {}
