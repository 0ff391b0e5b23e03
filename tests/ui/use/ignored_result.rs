#![deny(unused_must_use)]

use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

fn page(account: AccountHandle) {
    account.put_uid(7);
}

fn main() {}
