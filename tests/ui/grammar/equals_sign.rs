use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session = "flash"]
    uid: i64,
}

fn main() {}
