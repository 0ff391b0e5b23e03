use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(alias = "")]
    uid: i64,
}

fn main() {}
