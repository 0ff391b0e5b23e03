use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    straße: String,
    strasse: String,
}

fn main() {}
