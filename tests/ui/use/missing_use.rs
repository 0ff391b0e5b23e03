#[derive(SessionData)]
struct Account {
    uid: i64,
}

fn main() {}
