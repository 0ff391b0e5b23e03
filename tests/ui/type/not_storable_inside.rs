use session_runtime::SessionData;

struct Notice;

#[derive(SessionData)]
struct Account {
    #[session(flash)]
    notices: Option<Vec<Notice>>,
}

fn main() {}
