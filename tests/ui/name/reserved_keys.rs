use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    keys: String,
}

fn main() {}
