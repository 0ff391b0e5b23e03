use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

fn page(account: Account) -> AccountHandle {
    AccountHandle::from(account)
}

fn main() {}
