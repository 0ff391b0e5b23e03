use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(rename("id"))]
    uid: i64,
}

fn main() {}
