//! A body that is streamed after the response head: what it may know of the session, and what can't be done any more.
//!
//! `cargo run --example streaming`, then
//!
//! ```sh
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/sign-in -d 'Ann'
//! curl -c jar -b jar http://127.0.0.1:3000/export
//! ```
//!
//! `PORT` chooses another port.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::net::Ipv4Addr;

use axum::body::Body;
use axum::routing::{get, post};
use axum::{Router, serve};
use futures_util::stream;
use session_runtime::{
    CookieStoreConfig, Error, Record, Result, SecretKeys, Session, SessionData, SessionLayer,
};
use tokio::net::TcpListener;

#[derive(SessionData)]
struct Account {
    #[session(owner, max_len = 100)]
    name: String,
    #[session(default)]
    exports: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("serving http://{}", listener.local_addr()?);
    Ok(serve(listener, app(SecretKeys::generate()?)?).await?)
}

fn app(key: SecretKeys) -> Result<Router, Box<dyn StdError>> {
    let config = CookieStoreConfig::new("__Host-streaming", key);
    Ok(Router::new()
        .route("/sign-in", post(sign_in))
        .route("/export", get(export))
        .layer(SessionLayer::new(config)?.with_data::<Account>()?))
}

async fn sign_in(account: AccountHandle, name: String) -> Result<&'static str> {
    account.put_name(name)?;
    Ok("welcome\n")
}

/// Until this returns, the session can be changed: its cookie goes out with the response head.
async fn export(account: AccountHandle) -> Result<Body> {
    account.require_name()?; // 401 instead of a body
    account.update(Account::EXPORTS, |n| n.unwrap_or(0) + 1)?;
    let record = account.record()?; // an owned copy, which the body keeps
    let session = account.session().clone();
    let lines = stream::unfold(0, move |n| {
        let line = line(n, &record, &session);
        async move { Some((Ok::<_, Infallible>(line?), n + 1)) }
    });
    Ok(Body::from_stream(lines))
}

/// From here on the head is out: the record can be read, the session only says that its request has ended.
fn line(n: u32, record: &Record, session: &Session) -> Option<String> {
    match n {
        0 => {
            let name = record.get(Account::NAME).ok()?.unwrap_or_default();
            let exports = record.get(Account::EXPORTS).ok()?.unwrap_or_default();
            Some(format!("export {exports} of {name}\n"))
        }
        1..=3 => Some(format!("order {n}\n")),
        // What a stream has to say to later requests goes into a database.
        4 => match session.put(Account::EXPORTS, 100) {
            Err(Error::RequestEnded) => Some("too late to put anything\n".to_owned()),
            _ => None,
        },
        _ => None,
    }
}
