use session_runtime::SessionData;

#[derive(SessionData)]
struct Account(i64, String);

fn main() {}
