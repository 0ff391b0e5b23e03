//! A small shop with sessions: sign in, see who you are, fill a cart, be told things once, sign out.
//!
//! `cargo run --example quickstart`, then open <http://127.0.0.1:3000>. `PORT` chooses another port, `SESSION_KEY`
//! the key (`openssl rand -base64 32` makes one).

use std::collections::BTreeMap;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::Form;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Router, serve};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use session_runtime::{
    CookieStoreConfig, Key, Result, SecretKeys, Session, SessionData, SessionLayer,
    assert_disjoint_keys,
};
use tokio::net::TcpListener;

/// Who is signed in.
#[derive(SessionData)]
struct Account {
    /// The name given at sign-in.
    user: String,
    /// Shown once, on the next page.
    #[session(flash)]
    notice: String,
}

/// What they chose.
#[derive(SessionData)]
#[session(prefix = "cart.")]
struct Cart {
    /// How many of each good.
    #[session(default)]
    goods: BTreeMap<String, u32>,
}

// Both live in one cookie: a key in common would not compile.
assert_disjoint_keys!(Account, Cart);

/// A typed key needs no struct.
const VISITS: Key<u32> = Key::new("visits");

const GOODS: [&str; 3] = ["apples", "bread", "cheese"];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let config = CookieStoreConfig::new("quickstart", key()?)
        // This example is served over plain http, where browsers take no Secure cookie.
        // Delete this line behind TLS.
        .with_secure(false);
    let app = Router::new()
        .route("/", get(home))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/me", get(me))
        .route("/cart", post(add))
        .route("/theme", post(theme))
        .layer(
            SessionLayer::new(config)?
                .with_data::<Account>()?
                .with_data::<Cart>()?,
        );

    let port = match std::env::var("PORT") {
        Ok(port) => port
            .parse()
            .map_err(|_| format!("PORT={port} is no port number"))?,
        Err(_) => 3000,
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("can't listen on {address}: {error}. PORT=3001 chooses another port")
    })?;
    println!("open http://{}", listener.local_addr()?);
    serve(listener, app).await?;
    Ok(())
}

fn key() -> Result<SecretKeys> {
    std::env::var("SESSION_KEY")
        .map(SecretKeys::from)
        .or_else(|_| {
            println!("SESSION_KEY is not set: made a key, and all sessions end with this process");
            SecretKeys::generate()
        })
}

async fn home(session: Session, account: AccountHandle, cart: CartHandle) -> Result<Markup> {
    session.update(VISITS, |visits| visits.unwrap_or(0) + 1)?;
    let theme: Option<String> = session.get("theme")?;
    let dark = theme.as_deref() == Some("dark");
    Ok(html! {
        (DOCTYPE)
        html lang="en" style=(if dark { "color-scheme: dark" } else { "color-scheme: light" }) {
            head { meta charset="utf-8"; title { "Quickstart" } }
            body style="font: 1rem/1.5 system-ui; max-width: 32rem; margin: 2rem auto" {
                @if let Some(notice) = account.get_notice()? { p role="status" { strong { (notice) } } }
                @match account.get_user()? {
                    Some(user) => { h1 { "Hello, " (user) } (button("/sign-out", "Sign out")) }
                    None => { h1 { "Hello, stranger" } (sign_in_form()) }
                }
                h2 { "Cart" }
                ul { @for (name, count) in cart.get_goods()? { li { (count) " " (name) } } }
                form method="post" action="/cart" {
                    @for name in GOODS { button name="name" value=(name) { "Add " (name) } " " }
                }
                p { "Page views in this session: " (session.require(VISITS)?) }
                (button("/theme", if dark { "Light" } else { "Dark" }))
            }
        }
    })
}

fn button(action: &str, label: &str) -> Markup {
    html! { form method="post" action=(action) { button { (label) } } }
}

fn sign_in_form() -> Markup {
    html! {
        form method="post" action="/sign-in" {
            label { "Your name " input name="name" required maxlength="40"; }
            " " button { "Sign in" }
        }
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn sign_in(account: AccountHandle, Form(form): Form<Named>) -> Result<Redirect> {
    // A new id at every sign-in: one that somebody planted before is worth nothing.
    account.renew()?;
    account.put_notice(format!("Welcome, {}!", form.name))?;
    account.put_user(form.name)?;
    Ok(Redirect::to("/"))
}

/// 401 for strangers: an absent value is an error that answers by itself.
async fn me(account: AccountHandle) -> Result<String> {
    account.require_user()
}

async fn sign_out(session: Session) -> Result<Redirect> {
    session.destroy()?;
    Ok(Redirect::to("/"))
}

async fn add(session: Session, cart: CartHandle, Form(form): Form<Named>) -> Result<Redirect> {
    if GOODS.contains(&form.name.as_str()) {
        let mut goods = cart.get_goods()?;
        *goods.entry(form.name).or_default() += 1;
        cart.put_goods(goods)?;
    } else {
        session.put(Account::NOTICE, format!("There is no {}.", form.name))?;
    }
    Ok(Redirect::to("/"))
}

/// The untyped calls: any name, any type that serde knows.
async fn theme(session: Session) -> Result<Redirect> {
    if !session.del("theme")? {
        session.put("theme", "dark")?;
    }
    Ok(Redirect::to("/"))
}
