use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: _,
}

fn main() {}
