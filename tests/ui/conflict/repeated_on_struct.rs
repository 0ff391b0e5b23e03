use session_runtime::SessionData;

#[derive(SessionData)]
#[session(prefix = "a.", prefix = "b.")]
struct Account {
    uid: i64,
}

fn main() {}
