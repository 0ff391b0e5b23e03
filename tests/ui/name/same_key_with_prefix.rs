use session_runtime::SessionData;

#[derive(SessionData)]
#[session(prefix = "account.")]
struct Account {
    uid: i64,
    #[session(rename = "uid")]
    user: i64,
}

fn main() {}
