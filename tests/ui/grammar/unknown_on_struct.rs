use session_runtime::SessionData;

#[derive(SessionData)]
#[session(prefiks = "a.")]
struct Account {
    uid: i64,
}

fn main() {}
