use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(rename = "t")]
    tags: Option<&'static [String]>,
}

fn main() {}
