use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(alias = "~uid")]
    uid: i64,
}

fn main() {}
