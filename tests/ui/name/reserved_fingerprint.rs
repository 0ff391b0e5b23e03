use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    fingerprint: String,
}

fn main() {}
