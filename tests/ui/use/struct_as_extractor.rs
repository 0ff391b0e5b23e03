use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

async fn page(_account: Account) -> String {
    String::new()
}

fn routes() -> axum::Router {
    axum::Router::new().route("/", axum::routing::get(page))
}

fn main() {}
