use session_runtime::SessionData;

#[derive(SessionData)]
struct Account;

fn main() {}
