use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(flash ttl = "15m")]
    notice: String,
}

fn main() {}
