use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(flash)]
    #[session(flash)]
    notice: String,
}

fn main() {}
