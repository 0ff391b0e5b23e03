use session_runtime::SessionData;

#[derive(SessionData)]
#[session(crate = "my_crate::session_runtime")]
struct Account {
    uid: i64,
}

fn main() {}
