use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    uid: i64,
    #[session(owner)]
    email: String,
}

fn main() {}
