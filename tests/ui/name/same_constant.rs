use session_runtime::SessionData;

#[derive(SessionData)]
#[allow(non_snake_case)]
struct Account {
    returnto: String,
    returnTo: String,
}

fn main() {}
