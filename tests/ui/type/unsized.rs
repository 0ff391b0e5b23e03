use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    email: str,
}

fn main() {}
