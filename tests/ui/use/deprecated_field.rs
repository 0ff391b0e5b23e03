#![deny(deprecated)]

use session_runtime::{Result, SessionData};

#[derive(SessionData)]
struct Account {
    #[deprecated = "ask the database"]
    uid: i64,
}

fn page(account: AccountHandle) -> Result<Option<i64>> {
    account.get_uid()
}

fn main() {}
