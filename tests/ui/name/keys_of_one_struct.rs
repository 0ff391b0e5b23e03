use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
}

session_runtime::assert_disjoint_keys!(Account);

fn main() {}
