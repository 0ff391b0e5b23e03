use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(rename = "")]
    uid: i64,
}

fn main() {}
