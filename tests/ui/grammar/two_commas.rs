use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(flash,, private)]
    notice: String,
}

fn main() {}
