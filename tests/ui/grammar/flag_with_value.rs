use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(flash = true)]
    notice: String,
}

fn main() {}
