use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(rename = b"uid")]
    uid: i64,
}

fn main() {}
