use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(default = None)]
    theme: Option<String>,
}

fn main() {}
