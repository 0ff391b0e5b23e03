use session_runtime::SessionData;

#[derive(SessionData)]
#[session(prefix = "~")]
struct Account {
    uid: i64,
    email: String,
}

fn main() {}
