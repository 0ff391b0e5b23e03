use session_runtime::{Result, SessionData};

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

fn page(account: AccountHandle) -> Result<Option<String>> {
    account.get_emial()
}

fn main() {}
