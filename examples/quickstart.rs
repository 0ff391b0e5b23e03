//! A small shop with sessions: sign in, be remembered, fill a cart, be told things once, sign out.
//!
//! `cargo run --example quickstart`, then open <http://127.0.0.1:3000>. `PORT` chooses another port, `SESSION_KEY`
//! the key (`openssl rand -base64 32` makes one).
//!
//! The cookie is `Secure`, as it will be in production. Chromium and Firefox take such a cookie on 127.0.0.1 and
//! localhost without TLS too. Safari does not: to develop with it, name the cookie without `__Host-` and add
//! `.with_secure(false)`.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::extract::Form;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use session_runtime::{
    ConfigError, CookieStoreConfig, Lifetime, Result, SecretKeys, SessionData, SessionLayer,
    assert_disjoint_keys,
};
use tokio::net::TcpListener;

/// Who is signed in.
#[derive(SessionData)]
struct Account {
    /// The name given at sign-in. A change of the owner gives the session a new id.
    #[session(owner, max_len = 200)]
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

const GOODS: [&str; 3] = ["apples", "bread", "cheese"];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let port: u16 = port
        .parse()
        .map_err(|_| format!("PORT={port} is no port number"))?;
    let app = app(key()?)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| {
            format!("can't listen on port {port}: {error}. PORT=3001 chooses another port")
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

/// The shop, for `main` and for tests.
pub(crate) fn app(key: SecretKeys) -> Result<Router, ConfigError> {
    // Named after the application: two applications on one host share their cookies, whatever their ports.
    let config = CookieStoreConfig::new("__Host-quickstart", key);
    let sessions = SessionLayer::new(config)?
        .with_data::<Account>()?
        .with_data::<Cart>()?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in_form).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/account", get(account))
        .route("/cart", post(add))
        .layer(sessions))
}

/// Only reads, but for a notice that it shows: so it sets no cookie.
async fn home(account: AccountHandle, cart: CartHandle) -> Result<impl IntoResponse, ErrorPage> {
    let content = html! {
        @if let Some(notice) = account.get_notice()? { p role="status" { (notice) } }
        @if let Some(user) = account.get_user()? {
            p { "Hello, " (user) "." }
            form method="post" action="/sign-out" { button { "Sign out" } }
        } @else {
            p { "Hello, stranger. " a href="/sign-in" { "Sign in" } }
        }
        h2 { "Cart" }
        ul { @for (name, count) in cart.get_goods()? { li { (count) " " (name) } } }
        form method="post" action="/cart" {
            @for name in GOODS { button name="name" value=(name) { "Add " (name) } " " }
        }
    };
    Ok(page("Shop", &content))
}

async fn sign_in_form() -> impl IntoResponse {
    let content = html! {
        form method="post" action="/sign-in" {
            p { label { "Your name " input name="name" autocomplete="username" required maxlength="40"; } }
            p { label { input name="remember" type="checkbox"; " Remember me" } }
            button { "Sign in" }
        }
    };
    page("Sign in", &content)
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    /// A checkbox is sent only where it is ticked.
    remember: Option<String>,
}

/// A real one checks a password first. The put of the owner is all that the session needs: it renews by itself, so that
/// an id which somebody planted before is worth nothing.
async fn sign_in(account: AccountHandle, Form(form): Form<SignIn>) -> Result<Redirect, ErrorPage> {
    account.put_user(form.name.clone())?;
    account.set_lifetime(match form.remember {
        Some(_) => Lifetime::Configured, // `max_age`, 30 days
        None => Lifetime::Browser(Duration::from_secs(2 * 3_600)), // until the browser closes, 2 hours at most
    })?;
    account.put_notice(format!("Welcome, {}!", form.name))?;
    Ok(Redirect::to("/"))
}

/// The old session ends, cart and all, and an empty one begins, which can say goodbye.
async fn sign_out(account: AccountHandle) -> Result<Redirect, ErrorPage> {
    account.restart()?;
    account.put_notice("You are signed out. Goodbye!".to_owned())?;
    Ok(Redirect::to("/"))
}

/// For those who are signed in. For others `require_user` is an error with the status 401.
async fn account(account: AccountHandle) -> Result<impl IntoResponse, ErrorPage> {
    let content = html! { p { "You are " (account.require_user()?) "." } };
    Ok(page("Account", &content))
}

#[derive(Deserialize)]
struct Add {
    name: String,
}

/// Ten clicks one after another add ten. Of ten *requests at once*, which all bring the same cookie, the last answer wins,
/// and the others are lost: a page that sends them by script waits for each answer before it sends the next. What must
/// count in any case belongs in a database.
async fn add(
    account: AccountHandle,
    cart: CartHandle,
    Form(form): Form<Add>,
) -> Result<Redirect, ErrorPage> {
    if GOODS.contains(&form.name.as_str()) {
        let mut goods = cart.get_goods()?;
        *goods.entry(form.name).or_default() += 1;
        cart.put_goods(goods)?;
    } else {
        account.put_notice("We don't sell that.".to_owned())?;
    }
    Ok(Redirect::to("/"))
}

/// A failed session call as a page. `?` makes one.
struct ErrorPage(session_runtime::Error);

impl From<session_runtime::Error> for ErrorPage {
    fn from(error: session_runtime::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        // The plain response has the status, and writes the log.
        let status = self.0.into_response().status();
        let content = html! {
            @if status == StatusCode::UNAUTHORIZED {
                p { a href="/sign-in" { "Sign in" } " to see this page." }
            } @else {
                p { "That did not work. " a href="/" { "Back to the shop" } }
            }
        };
        let title = status.canonical_reason().unwrap_or("Error");
        (status, page(title, &content)).into_response()
    }
}

/// `no-store`, so that Back shows no page of a visitor who signed out.
fn page(title: &str, content: &Markup) -> impl IntoResponse + use<> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                link rel="icon" href="data:,";
                title { (title) " · Quickstart" }
                style { (STYLE) }
            }
            body {
                header { nav aria-label="Pages" { a href="/" { "Shop" } " " a href="/account" { "Account" } } }
                main { h1 { (title) } (content) }
            }
        }
    };
    ([(CACHE_CONTROL, "no-store")], page)
}

const STYLE: &str = "
    :root { color-scheme: light dark; font: 1rem/1.5 system-ui }
    * { box-sizing: border-box }
    body { max-width: 32rem; margin: auto; padding: 1rem }
    button, input, nav a { font: inherit; padding: .5rem 1rem; min-height: 2.75rem }
    input[type=checkbox] { width: 1.5rem; min-height: 1.5rem; vertical-align: middle }
    button { margin: .25rem 0 }
    nav a { display: inline-block; padding-left: 0 }
";
