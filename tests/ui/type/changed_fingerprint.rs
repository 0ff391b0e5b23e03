use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
}

session_runtime::assert_fingerprint!(Account, 0x1234_5678_9abc_def0);

fn main() {}
