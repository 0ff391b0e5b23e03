use session_runtime::{Result, SessionData};

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

fn page(account: Account) -> Result<Option<i64>> {
    account.get_uid()
}

fn main() {}
