use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(prefix = "account.")]
    uid: i64,
}

fn main() {}
