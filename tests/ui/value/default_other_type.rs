use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(default = "dark")]
    theme: String,
}

fn main() {}
