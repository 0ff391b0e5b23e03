//! One's own devices: sign in from several browsers, list them, sign out one, the others, or all.
//!
//! `cargo run --example devices`, then open <http://127.0.0.1:3000> in several browsers or private windows. `PORT` chooses
//! another port. The sessions are in memory, so they end with the program. The cookie is `Secure`; for Safari, which
//! takes none on localhost, name it without `__Host-` and add `.with_secure(false)`.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Router, serve};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use session_runtime::store::{MemoryStore, SessionInfo, Sessions, StoreId};
use session_runtime::{CookieStoreConfig, Result, SecretKeys, SessionData, SessionLayer};
use tokio::net::TcpListener;

/// Who is signed in.
#[derive(SessionData)]
struct Account {
    /// The name given at sign-in. A put of it renews the session, and files it under this owner.
    #[session(owner)]
    user: String,
    /// Shown once, on the next page.
    #[session(flash)]
    notice: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let config = CookieStoreConfig::new("__Host-devices", SecretKeys::generate()?);
    let app = app(config)?;
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await?;
    println!("open http://{address} in several browsers");
    Ok(serve(listener, app).await?)
}

pub(crate) fn app(config: CookieStoreConfig) -> Result<Router, Box<dyn Error>> {
    let layer = SessionLayer::new(config)?
        .with_store(MemoryStore::new())?
        .with_data::<Account>()?;
    let sessions = layer.sessions();
    tokio::spawn(sessions.clone().sweeper());
    Ok(Router::new()
        .route("/", get(home))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/sign-out-one", post(sign_out_one))
        .route("/sign-out-others", post(sign_out_others))
        .route("/sign-out-all", post(sign_out_all))
        .with_state(sessions)
        .layer(layer))
}

#[derive(Deserialize)]
struct SignIn {
    user: String,
}

async fn sign_in(
    account: AccountHandle,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Result<Redirect> {
    account.put_user(form.user)?;
    let browser = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    account.set_label(browser.unwrap_or("a browser that does not say its name"))?;
    Ok(Redirect::to("/"))
}

async fn sign_out(account: AccountHandle) -> Result<Redirect> {
    account.restart()?;
    account.put_notice("You are signed out here.".to_owned())?;
    Ok(Redirect::to("/"))
}

#[derive(Deserialize)]
struct One {
    id: String,
}

/// An id that a browser sends ends a session of the same owner only.
async fn sign_out_one(
    account: AccountHandle,
    State(sessions): State<Sessions>,
    Form(form): Form<One>,
) -> Result<Redirect> {
    let user = account.require_user()?;
    let ended = match form.id.parse::<StoreId>() {
        Ok(id) => sessions.revoke_one(Account::USER, &user, &id).await?,
        Err(_) => false,
    };
    let notice = if ended {
        "Signed out there."
    } else {
        "It was signed out before."
    };
    account.put_notice(notice.to_owned())?;
    Ok(Redirect::to("/"))
}

async fn sign_out_others(
    account: AccountHandle,
    State(sessions): State<Sessions>,
) -> Result<Redirect> {
    let user = account.require_user()?;
    let ended = sessions
        .revoke_others(Account::USER, &user, &account)
        .await?;
    account.put_notice(format!("Signed out elsewhere: {ended}."))?;
    Ok(Redirect::to("/"))
}

async fn sign_out_all(
    account: AccountHandle,
    State(sessions): State<Sessions>,
) -> Result<Redirect> {
    let user = account.require_user()?;
    sessions.revoke_all(Account::USER, &user).await?;
    Ok(Redirect::to("/"))
}

async fn home(account: AccountHandle, State(sessions): State<Sessions>) -> Result<Markup> {
    let notice = account.get_notice()?;
    let user = account.get_user()?;
    let devices = match &user {
        Some(user) => sessions.list(Account::USER, user).await?,
        None => Vec::new(),
    };
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "Devices" }
                style { "body { max-width: 40em; margin: 2em auto; font: 1em sans-serif } button { min-height: 2em }" }
            }
            body {
                main {
                    @if let Some(notice) = notice { p role="status" { strong { (notice) } } }
                    @match user {
                        Some(user) => { (signed_in(&account, &user, &devices)) }
                        None => {
                            h1 { "Sign in" }
                            form method="post" action="/sign-in" {
                                label { "Name " input name="user" required; }
                                button { "Sign in" }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn signed_in(account: &AccountHandle, user: &str, devices: &[SessionInfo]) -> Markup {
    html! {
        h1 { "Devices of " (user) }
        ul {
            @for device in devices {
                li {
                    (device.label().unwrap_or("a browser"))
                    @if device.is(account) {
                        " (this one)"
                    } @else {
                        form method="post" action="/sign-out-one" {
                            input type="hidden" name="id" value=(device.id());
                            button { "Sign out" }
                        }
                    }
                }
            }
        }
        form method="post" action="/sign-out" { button { "Sign out here" } }
        form method="post" action="/sign-out-others" { button { "Sign out everywhere else" } }
        form method="post" action="/sign-out-all" { button { "Sign out everywhere" } }
    }
}
