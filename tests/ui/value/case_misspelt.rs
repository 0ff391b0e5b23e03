use session_runtime::SessionData;

#[derive(SessionData)]
#[session(rename_all = "camelcase")]
struct Account {
    uid: i64,
}

fn main() {}
