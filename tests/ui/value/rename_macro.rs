use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(rename = concat!("u", "id"))]
    uid: i64,
}

fn main() {}
