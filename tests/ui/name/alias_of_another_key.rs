use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
    #[session(alias = "uid")]
    user: i64,
}

fn main() {}
