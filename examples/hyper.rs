//! Sessions without the middleware: a plain hyper server that opens and seals the cookie itself.
//!
//! `cargo run --example hyper`, then
//!
//! ```sh
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/sign-in --data 'Ada'
//! curl -c jar -b jar http://127.0.0.1:3000/
//! curl -c jar -b jar -X POST http://127.0.0.1:3000/sign-out
//! ```
//!
//! The configuration comes from `SESSION_EXAMPLE_..` variables over what is written here: `SESSION_EXAMPLE_KEY` is the
//! key (`openssl rand -base64 32` makes one), `SESSION_EXAMPLE_MAX_AGE=60` ends sessions after a minute. `PORT` chooses
//! another port.
//!
//! The cookie is `Secure`. Chromium, Firefox and curl take it on 127.0.0.1 and localhost without TLS too; for Safari,
//! name it without `__Host-` and add `.with_secure(false)`.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use http::header::{CACHE_CONTROL, HeaderValue, SET_COOKIE, VARY};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use session_runtime::{CookieStore, CookieStoreConfig, Key, Record, SecretKeys};
use tokio::net::TcpListener;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

const USER: Key<String> = Key::new("user");
const VISITS: Key<u32> = Key::new("visits");

const LONGEST_NAME: usize = 100;

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt().init();
    let defaults = CookieStoreConfig::new("__Host-hyper", SecretKeys::generate()?);
    let config = CookieStoreConfig::load()
        .defaults(defaults)
        .env("SESSION_EXAMPLE")
        .build()?;
    let store = CookieStore::new(config)?;

    let port = match std::env::var("PORT") {
        Ok(port) => port
            .parse()
            .map_err(|error| format!("PORT={port}: {error}"))?,
        Err(_) => 3000,
    };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    tracing::info!("http://{}", listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept().await?;
        let store = store.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| respond(&store, request));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "the connection broke");
            }
        });
    }
}

/// What fails on our side is logged, and told to nobody: the cookie is as it was.
async fn respond(store: &CookieStore, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let answer = answer(store, request).await;
    Ok(answer.unwrap_or_else(|error| {
        tracing::error!(%error, "no answer");
        page(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong\n")
    }))
}

async fn answer(store: &CookieStore, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let method = request.method().clone();
    match (method, request.uri().path()) {
        (Method::GET, "/") => home(store, &request),
        (Method::POST, "/sign-in") => sign_in(store, request).await,
        (Method::POST, "/sign-out") => Ok(with_cookie(
            page(StatusCode::OK, "signed out\n"),
            store.remove(),
        )),
        _ => Ok(page(StatusCode::NOT_FOUND, "not here\n")),
    }
}

fn home(store: &CookieStore, request: &Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let mut session = session(store, request)?;
    let visits = session.get(VISITS)?.unwrap_or(0) + 1;
    session.put(VISITS, visits)?;
    let user = session.get(USER)?.unwrap_or_else(|| "stranger".to_owned());
    let greeting = page(StatusCode::OK, format!("hello {user}, visit {visits}\n"));
    Ok(with_cookie(greeting, store.seal(&session)?))
}

async fn sign_in(store: &CookieStore, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let visits = session(store, &request)?.get(VISITS)?;
    let Ok(body) = Limited::new(request.into_body(), LONGEST_NAME)
        .collect()
        .await
    else {
        return Ok(page(
            StatusCode::PAYLOAD_TOO_LARGE,
            "a shorter name, please\n",
        ));
    };
    let name = String::from_utf8_lossy(&body.to_bytes()).trim().to_owned();
    if name.is_empty() {
        return Ok(page(StatusCode::BAD_REQUEST, "a name, please\n"));
    }
    // A record of a new id: one that was planted before the sign-in is worth nothing after it.
    let mut session = store.new_record()?;
    if let Some(visits) = visits {
        session.put(VISITS, visits)?;
    }
    session.put(USER, name)?;
    Ok(with_cookie(
        page(StatusCode::OK, "welcome\n"),
        store.seal(&session)?,
    ))
}

/// The session of the request's cookie; where that can't be used, a new one.
fn session(store: &CookieStore, request: &Request<Incoming>) -> Result<Record> {
    match store.open(request.headers()) {
        Ok(record) => Ok(record),
        Err(refusal) => {
            if refusal.as_str() != "missing" {
                tracing::info!(reason = refusal.as_str(), "a cookie was refused");
            }
            Ok(store.new_record()?)
        }
    }
}

fn page(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    response
}

/// An answer that sets a cookie must not be kept by a cache and served to others.
fn with_cookie(mut response: Response<Full<Bytes>>, cookie: HeaderValue) -> Response<Full<Bytes>> {
    let headers = response.headers_mut();
    headers.insert(SET_COOKIE, cookie);
    headers.insert(VARY, HeaderValue::from_static("Cookie"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
