use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    names: std::collections::HashMap<String, i64>,
}

fn main() {}
