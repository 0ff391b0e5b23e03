use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    ids: Option<Vec<i64>>,
}

fn main() {}
