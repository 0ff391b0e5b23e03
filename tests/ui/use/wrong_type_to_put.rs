use session_runtime::{Result, Session, SessionData};

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

fn page(session: Session) -> Result<()> {
    session.put(Account::UID, "one")
}

fn main() {}
