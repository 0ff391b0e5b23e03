//! Protection against forms of other sites (CSRF) by one layer of tower-http, without tokens.
//!
//! `cargo run --example csrf`, then open <http://127.0.0.1:3000>; or as a form on another site would:
//!
//! ```sh
//! curl -i -X POST http://127.0.0.1:3000/transfer -H 'Sec-Fetch-Site: cross-site'    # 403
//! ```
//!
//! `PORT` chooses another port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Router, serve};
use maud::{DOCTYPE, Markup, html};
use session_runtime::{CookieStoreConfig, Result, SecretKeys, SessionData, SessionLayer};
use tokio::net::TcpListener;
use tower_http::csrf::CsrfLayer;

#[derive(SessionData)]
struct Account {
    #[session(default)]
    transfers: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("open http://{}", listener.local_addr()?);
    Ok(serve(listener, app(SecretKeys::generate()?)?).await?)
}

/// `SameSite=Lax`, the default of our cookie, stops forms of other sites, but not of other subdomains of this one, which
/// somebody else may have. The layer compares origins, as browsers tell them in `Sec-Fetch-Site` and `Origin`.
fn app(key: SecretKeys) -> Result<Router, Box<dyn Error>> {
    let config = CookieStoreConfig::new("__Host-csrf", key);
    let sessions = SessionLayer::new(config)?.with_data::<Account>()?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/transfer", post(transfer))
        .layer(sessions)
        .layer(CsrfLayer::new())) // outermost: what it refuses reaches no session
}

/// A change, so by POST: the layer lets every GET through.
async fn transfer(account: AccountHandle) -> Result<Redirect> {
    account.update(Account::TRANSFERS, |n| n.unwrap_or(0) + 1)?;
    Ok(Redirect::to("/"))
}

async fn home(account: AccountHandle) -> Result<Markup> {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { title { "Bank" } meta name="viewport" content="width=device-width"; }
            body { main {
                p { "Transfers: " (account.get_transfers()?) }
                form method="post" action="/transfer" { button { "Transfer" } }
            } }
        }
    })
}
