use session_runtime::SessionData;

#[derive(serde::Serialize, serde::Deserialize)]
struct Theme;

#[derive(SessionData)]
struct Account {
    #[session(default)]
    theme: Theme,
}

fn main() {}
