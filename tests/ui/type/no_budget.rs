use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
}

session_runtime::assert_fits!(Account);

fn main() {}
