use session_runtime::Session;

struct Plain {
    uid: i64,
}

fn page(session: Session) {
    session.of::<Plain>();
}

fn main() {}
