use session_runtime::SessionData;

#[derive(SessionData)]
#[session(rename_all = "Train-Case")]
struct Account {
    uid: i64,
}

fn main() {}
