mod data {
    #[derive(session_runtime::SessionData)]
    pub struct Account {
        pub uid: i64,
    }
}

use data::Account;

fn page(account: AccountHandle) {
    let _ = (account, Account::UID);
}

fn main() {}
