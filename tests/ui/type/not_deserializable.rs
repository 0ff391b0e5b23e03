use session_runtime::SessionData;

#[derive(serde::Serialize)]
struct Notice {
    text: String,
}

#[derive(SessionData)]
struct Account {
    #[session(flash)]
    notice: Notice,
}

fn main() {}
