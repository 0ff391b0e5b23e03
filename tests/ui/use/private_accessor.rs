mod data {
    #[derive(session_runtime::SessionData)]
    pub struct Account {
        uid: i64,
    }
}

fn page(account: data::AccountHandle) {
    let _ = account.get_uid();
}

fn main() {}
