use session_runtime::SessionData;

#[derive(SessionData)]
struct Account<'a> {
    email: &'a str,
}

fn main() {}
