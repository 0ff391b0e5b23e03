use session_runtime::SessionData;

#[derive(SessionData)]
struct Account<'a, 'b: 'a, T> {
    email: &'a str,
    name: std::borrow::Cow<'b, str>,
    item: T,
}

fn main() {}
