use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(private(yes))]
    uid: i64,
}

fn main() {}
