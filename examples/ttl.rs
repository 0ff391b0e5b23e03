//! A value that expires by itself: a password that was asked again counts for five minutes, the session for longer.
//!
//! `cargo run --example ttl`, then
//!
//! ```sh
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/delete              # 403
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/confirm -d 'correct horse'
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/delete              # works, for five minutes
//! ```
//!
//! `PORT` chooses another port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Router, serve};
use session_runtime::{CookieStoreConfig, Result, SecretKeys, SessionData, SessionLayer};
use tokio::net::TcpListener;

#[derive(SessionData)]
struct Account {
    /// The deadline is set by the put, and signed with the value. Reads don't move it.
    #[session(ttl = "5m", missing = 403)]
    confirmed: bool,
    /// Of confirmations, in this session.
    #[session(default)]
    count: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("serving http://{}", listener.local_addr()?);
    let config = CookieStoreConfig::new("__Host-ttl", SecretKeys::generate()?);
    Ok(serve(listener, app(SessionLayer::new(config)?)?).await?)
}

pub(crate) fn app(sessions: SessionLayer) -> Result<Router, Box<dyn Error>> {
    Ok(Router::new()
        .route("/confirm", post(confirm))
        .route("/delete", post(delete))
        .layer(sessions.with_data::<Account>()?))
}

async fn confirm(account: AccountHandle, password: String) -> Result<(StatusCode, String)> {
    // In place of a check against a hash: see the example `login`.
    if password != "correct horse" {
        return Ok((StatusCode::FORBIDDEN, "wrong\n".to_owned()));
    }
    account.put_confirmed(true)?;
    account.update(Account::COUNT, |n| n.unwrap_or(0) + 1)?;
    let count = account.get_count()?;
    Ok((StatusCode::OK, format!("confirmed {count} times\n")))
}

async fn delete(account: AccountHandle) -> Result<&'static str> {
    account.require_confirmed()?; // 403 where it is not there, or no longer
    Ok("deleted\n")
}
