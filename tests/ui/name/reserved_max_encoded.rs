use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    max_encoded: String,
}

fn main() {}
