//! The session where no handler passes it on: `Session::current()` deep in other code, `RequestContext` in middleware.
//!
//! `cargo run --example current`, then
//!
//! ```sh
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/language -d 'de'
//! curl -c jar -b jar http://127.0.0.1:3000/
//! ```
//!
//! `PORT` chooses another port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, serve};
use session_runtime::{
    CookieStoreConfig, RequestContext, Result, SecretKeys, Session, SessionData, SessionLayer,
};
use tokio::net::TcpListener;

#[derive(SessionData)]
struct Visitor {
    #[session(default = "en".to_owned(), max_len = 20)]
    language: String,
    #[session(default)]
    pages: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("serving http://{}", listener.local_addr()?);
    Ok(serve(listener, app(SecretKeys::generate()?)?).await?)
}

fn app(key: SecretKeys) -> Result<Router, Box<dyn Error>> {
    let config = CookieStoreConfig::new("__Host-current", key);
    Ok(Router::new()
        .route("/", get(home))
        .route("/task", get(task))
        .route("/language", post(choose))
        .layer(from_fn(count_pages))
        .layer(SessionLayer::new(config)?.with_data::<Visitor>()?))
}

async fn choose(visitor: VisitorHandle, language: String) -> Result<()> {
    visitor.put_language(language)
}

/// Knows nothing of sessions.
async fn home() -> Result<String> {
    let greeting = translate("Hello")?;
    Ok(format!("{greeting}\n"))
}

/// In a library that gets no request: the session of the request whose code runs. Outside of one it is an error.
fn translate(text: &str) -> Result<String> {
    let visitor = Session::current()?.of::<Visitor>();
    Ok(match (visitor.get_language()?.as_str(), text) {
        ("de", "Hello") => "Hallo".to_owned(),
        _ => text.to_owned(),
    })
}

/// A spawned task is not the request's own: there is no current session, so move one in.
async fn task(session: Session) -> Result<String> {
    let task = tokio::spawn(async move {
        let is_current = Session::current().is_ok();
        let language = session.of::<Visitor>().get_language()?;
        Ok(format!("{language}, current in the task: {is_current}\n"))
    });
    task.await
        .unwrap_or_else(|_| Ok("the task failed\n".to_owned()))
}

async fn count_pages(request: Request, next: Next) -> Result<Response> {
    count(&request)?;
    Ok(next.run(request).await)
}

/// Takes a `Request`, its `Parts`, its `Extensions`, or a `Session`.
fn count(cx: &impl RequestContext) -> Result<()> {
    let session = cx.session()?;
    session.update(Visitor::PAGES, |n| n.unwrap_or(0) + 1)?;
    tracing::info!(pages = session.of::<Visitor>().get_pages()?, "a page");
    Ok(())
}
