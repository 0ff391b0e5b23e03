use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session]
    uid: i64,
}

fn main() {}
