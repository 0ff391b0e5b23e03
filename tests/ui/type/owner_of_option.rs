use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    uid: Option<Option<i64>>,
}

fn main() {}
