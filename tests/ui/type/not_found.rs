use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    theme: Theme,
}

fn main() {}
