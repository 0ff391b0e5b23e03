use session_runtime::{Result, Session, SessionData};

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

fn page(session: Session) -> Result<Option<i64>> {
    session.get(7)
}

fn main() {}
