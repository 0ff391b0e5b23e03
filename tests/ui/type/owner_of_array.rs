use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    uuid: [u8; 16],
}

fn main() {}
