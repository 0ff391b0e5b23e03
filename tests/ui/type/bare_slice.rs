use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    items: [u8],
}

fn main() {}
