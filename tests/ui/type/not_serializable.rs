use session_runtime::SessionData;

struct Notice;

#[derive(SessionData)]
struct Account {
    #[session(flash)]
    notice: Notice,
}

fn main() {}
