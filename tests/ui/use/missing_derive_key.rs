use session_runtime::{Result, Session};

struct Plain {
    uid: i64,
}

fn page(session: Session) -> Result<Option<i64>> {
    session.get(Plain::UID)
}

fn main() {}
