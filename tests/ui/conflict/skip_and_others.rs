use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(skip, rename = "id")]
    uid: i64,
}

fn main() {}
