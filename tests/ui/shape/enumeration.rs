use session_runtime::SessionData;

#[derive(SessionData)]
enum Account {
    Guest,
    User { uid: i64 },
}

fn main() {}
