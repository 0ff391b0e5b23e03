use session_runtime::{Result, SessionData};

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

fn page(account: AccountHandle) -> Result<()> {
    account.put_email(7)
}

fn main() {}
