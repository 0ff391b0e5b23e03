mod data {
    #[derive(session_runtime::SessionData)]
    pub struct Account {
        uid: i64,
    }
}

fn name() -> &'static str {
    data::Account::UID.name()
}

fn main() {}
