//! Messages that are shown once: put before a redirect, gone after the page that shows them; several at once, by level.
//!
//! `cargo run --example flash`, then open <http://127.0.0.1:3000>. `PORT` chooses another port.

use std::error::Error;
use std::net::Ipv4Addr;

use axum::extract::Form;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Router, serve};
use maud::{DOCTYPE, Markup, html};
use serde::{Deserialize, Serialize};
use session_runtime::{CookieStoreConfig, Result, SecretKeys, SessionData, SessionLayer};
use tokio::net::TcpListener;

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum Level {
    Success,
    Warning,
}

#[derive(SessionData)]
struct Messages {
    /// A flash: the first page that reads it uses it up. It outlives redirects, pages that don't read it, and pages that
    /// failed with a status of 5xx.
    #[session(flash, default, max_len = 1_000)]
    messages: Vec<(Level, String)>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("open http://{}", listener.local_addr()?);
    Ok(serve(listener, app(SecretKeys::generate()?)?).await?)
}

fn app(key: SecretKeys) -> Result<Router, Box<dyn Error>> {
    let config = CookieStoreConfig::new("__Host-flash", key);
    Ok(Router::new()
        .route("/", get(home))
        .route("/save", post(save))
        .layer(SessionLayer::new(config)?.with_data::<Messages>()?))
}

#[derive(Deserialize)]
struct Profile {
    name: String,
}

/// Post, redirect, get: a reload of the page that follows does not send the form again, nor show its messages.
async fn save(messages: MessagesHandle, Form(profile): Form<Profile>) -> Result<Redirect> {
    tell(&messages, Level::Success, "Saved.")?;
    if profile.name.trim().is_empty() {
        tell(
            &messages,
            Level::Warning,
            "Without a name nobody finds you.",
        )?;
    }
    Ok(Redirect::to("/"))
}

fn tell(messages: &MessagesHandle, level: Level, text: &str) -> Result<()> {
    messages.update(Messages::MESSAGES, |list| {
        let mut list = list.unwrap_or_default();
        list.push((level, text.to_owned()));
        list
    })
}

async fn home(messages: MessagesHandle) -> Result<Markup> {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { title { "Profile" } meta name="viewport" content="width=device-width"; }
            body { main {
                @for (level, text) in messages.get_messages()? {
                    p role="status" { (format!("{level:?}: {text}")) }
                }
                form method="post" action="/save" {
                    label { "Name " input name="name"; } " "
                    button { "Save" }
                }
            } }
        }
    })
}
