use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
    #[session(skip)]
    cache: u8,
}

fn page(account: AccountHandle) {
    let _ = account.get_cache();
}

fn main() {}
