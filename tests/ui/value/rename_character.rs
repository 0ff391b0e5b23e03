use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(rename = 'u')]
    uid: i64,
}

fn main() {}
