//! A WebSocket that knows who opened it, and is closed when they sign out.
//!
//! `cargo run --example websocket`, then open <http://127.0.0.1:3000>. `PORT` chooses another port. The cookie is `Secure`;
//! for Safari, which takes none on localhost, name it without `__Host-` and add `.with_secure(false)`.

use std::error::Error;
use std::net::Ipv4Addr;
use std::time::SystemTime;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Form, State};
use axum::response::{Html, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use serde::Deserialize;
use session_runtime::{
    CookieStoreConfig, Record, Result, SecretKeys, SessionData, SessionId, SessionLayer,
};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

#[derive(SessionData)]
struct Account {
    #[session(owner, max_len = 100)]
    name: String,
}

/// Tells open sockets which sessions were signed out. Several servers need a channel between them.
type SignOuts = broadcast::Sender<SessionId>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("open http://{}", listener.local_addr()?);
    Ok(serve(listener, app(SecretKeys::generate()?)?).await?)
}

/// Other sites can open sockets too, but `SameSite=Lax`, the default, sends them no cookie.
fn app(key: SecretKeys) -> Result<Router, Box<dyn Error>> {
    let config = CookieStoreConfig::new("__Host-websocket", key);
    Ok(Router::new()
        .route("/", get(home))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/chat", get(chat))
        .with_state(SignOuts::new(100))
        .layer(SessionLayer::new(config)?.with_data::<Account>()?))
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

async fn sign_in(account: AccountHandle, Form(form): Form<SignIn>) -> Result<Redirect> {
    account.put_name(form.name)?;
    Ok(Redirect::to("/"))
}

async fn sign_out(account: AccountHandle, State(sign_outs): State<SignOuts>) -> Result<Redirect> {
    let _nobody_listens = sign_outs.send(account.id()?);
    account.destroy()?;
    Ok(Redirect::to("/"))
}

/// The request of the upgrade is the last that sees the session: what the socket needs of it, it takes along.
async fn chat(
    account: AccountHandle,
    State(sign_outs): State<SignOuts>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    let name = account.require_name()?; // 401 instead of a socket
    let (record, ended) = (account.record()?, sign_outs.subscribe());
    Ok(upgrade.on_upgrade(|socket| talk(socket, name, record, ended)))
}

async fn talk(
    mut socket: WebSocket,
    name: String,
    record: Record,
    mut ended: broadcast::Receiver<SessionId>,
) {
    loop {
        let text = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(_)) => continue,
                _ => return,
            },
            id = ended.recv() => match id {
                Ok(id) if id != record.id() => continue,
                _ => return, // signed out; or so many were that this one may have been among them
            },
        };
        let is_over = record.expires_at() <= SystemTime::now();
        if is_over
            || socket
                .send(Message::text(format!("{name}: {text}")))
                .await
                .is_err()
        {
            return;
        }
    }
}

async fn home() -> Html<&'static str> {
    Html(
        r#"<!DOCTYPE html>
<html lang="en">
<head><title>Chat</title><meta name="viewport" content="width=device-width"></head>
<body><main>
<form method="post" action="/sign-in"><label>Name <input name="name" required></label> <button>Sign in</button></form>
<form method="post" action="/sign-out"><button>Sign out</button></form>
<form id="chat"><label>Say <input id="text"></label> <button>Send</button></form>
<pre id="log"></pre>
<script>
const socket = new WebSocket("/chat"), log = document.getElementById("log");
socket.onmessage = (message) => log.append(message.data + "\n");
socket.onclose = () => log.append("the socket is closed: sign in, and load the page again\n");
document.getElementById("chat").onsubmit = (event) => {
  event.preventDefault();
  socket.send(document.getElementById("text").value);
};
</script>
</main></body>
</html>"#,
    )
}
