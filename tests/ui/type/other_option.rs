use session_runtime::SessionData;

mod mine {
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Option<T>(T);
}

#[derive(SessionData)]
struct Account {
    email: mine::Option<String>,
}

fn main() {}
