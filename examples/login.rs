//! Sign-in with a password: argon2, "remember me", back to the page that was wanted, a goodbye.
//!
//! `cargo run --example login`, then open <http://127.0.0.1:3000/orders> and sign in as `ann` with `correct horse`. `PORT`
//! chooses another port. The cookie is `Secure`; for Safari, which takes none on localhost, name it without `__Host-` and
//! add `.with_secure(false)`.

use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::extract::{Form, OriginalUri, Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use session_runtime::{
    CookieStoreConfig, Lifetime, Result, SecretKeys, SessionData, SessionLayer, local_path,
};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

#[derive(SessionData)]
struct Account {
    /// Who is signed in. A put of another value gives the session a new id: an id that somebody planted in this browser
    /// before is worth nothing after the sign-in.
    #[session(owner)]
    uid: u32,
    /// Shown once, on the next page.
    #[session(flash)]
    notice: String,
    /// Where they wanted to go when they were asked to sign in.
    #[session(ttl = "15m", max_len = 500)]
    return_to: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("open http://{}/orders", listener.local_addr()?);
    Ok(serve(listener, app(SecretKeys::generate()?)?).await?)
}

fn app(key: SecretKeys) -> Result<Router, Box<dyn Error>> {
    let config = CookieStoreConfig::new("__Host-login", key);
    let sessions = SessionLayer::new(config)?.with_data::<Account>()?;
    let members = Router::new()
        .route("/orders", get(orders))
        .route_layer(from_fn(require_sign_in));
    Ok(Router::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in_form).post(sign_in))
        .route("/sign-out", post(sign_out))
        .merge(members)
        .with_state(Users::demo()?)
        .layer(sessions)) // last: what is added last runs first
}

/// Leads who is not signed in to the sign-in, and remembers where they wanted to go.
async fn require_sign_in(
    account: AccountHandle,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Result<Response> {
    if account.get_uid()?.is_some() {
        // So that Back shows no page of before after the sign-out.
        return Ok(([(CACHE_CONTROL, "no-store")], next.run(request).await).into_response());
    }
    if request.method() != Method::GET {
        return Ok(StatusCode::UNAUTHORIZED.into_response()); // no redirect can send a form again
    }
    let wanted = uri.path_and_query().map_or("/", |path| path.as_str());
    if wanted.len() <= 400 {
        account.put_return_to(wanted.to_owned())?;
    }
    Ok(Redirect::to("/sign-in").into_response())
}

#[derive(Deserialize)]
struct Credentials {
    name: String,
    password: String,
    /// A checkbox is sent only where it is ticked.
    remember: Option<String>,
}

async fn sign_in(
    State(users): State<Users>,
    account: AccountHandle,
    Form(form): Form<Credentials>,
) -> Result<Redirect> {
    let Some(uid) = users.authenticate(form.name, form.password).await else {
        account.put_notice("Name or password is wrong.".to_owned())?;
        return Ok(Redirect::to("/sign-in"));
    };
    account.put_uid(uid)?; // the owner changes: the session is renewed
    account.set_lifetime(match form.remember {
        Some(_) => Lifetime::Configured, // the layer's `max_age`: 30 days
        None => Lifetime::Browser(Duration::from_secs(2 * 3_600)), // until it closes; 2 hours idle
    })?;
    account.put_notice("Welcome!".to_owned())?;
    // Only a path of this site: a redirect to `//evil.example` would leave it.
    let wanted = account.take(Account::RETURN_TO)?;
    let wanted = wanted.as_deref().and_then(local_path);
    Ok(Redirect::to(wanted.unwrap_or("/")))
}

/// By POST, so that no link and no image of another site signs anybody out.
async fn sign_out(account: AccountHandle) -> Result<Redirect> {
    account.restart()?; // the session ends, and an empty one begins, which can say goodbye
    account.put_notice("You are signed out.".to_owned())?;
    Ok(Redirect::to("/"))
}

async fn home(account: AccountHandle) -> Result<Markup> {
    let is_signed_in = account.get_uid()?.is_some();
    let content = html! {
        p { a href="/orders" { "Your orders" } }
        @if is_signed_in { form method="post" action="/sign-out" { button { "Sign out" } } }
    };
    page(&account, &content)
}

async fn orders(account: AccountHandle) -> Result<Markup> {
    let uid = account.require_uid()?;
    page(
        &account,
        &html! { p { "No orders of user " (uid) " yet." } p { a href="/" { "Home" } } },
    )
}

async fn sign_in_form(account: AccountHandle) -> Result<Markup> {
    let content = html! {
        form method="post" action="/sign-in" {
            p { label { "Name " input name="name" autocomplete="username" required; } }
            p { label { "Password " input name="password" type="password" autocomplete="current-password" required; } }
            p { label { input name="remember" type="checkbox"; " Remember me" } }
            button { "Sign in" }
        }
    };
    page(&account, &content)
}

fn page(account: &AccountHandle, content: &Markup) -> Result<Markup> {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { title { "Orders" } meta name="viewport" content="width=device-width"; }
            body { main {
                @if let Some(notice) = account.get_notice()? { p role="status" { (notice) } }
                (content)
            } }
        }
    })
}

/// The users, in place of a database.
#[derive(Clone)]
struct Users {
    hash_of_ann: Arc<str>,
    /// A hash of the same cost that no password matches, so that a user who does not exist costs the same time.
    hash_of_nobody: Arc<str>,
}

impl Users {
    fn demo() -> Result<Self, Box<dyn Error>> {
        let hash = |password: &[u8]| Argon2::default().hash_password(password);
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|error| error.to_string())?;
        Ok(Self {
            hash_of_ann: hash(b"correct horse")?.to_string().into(),
            hash_of_nobody: hash(&random)?.to_string().into(),
        })
    }

    /// The id of the user with this name, if that is their password.
    async fn authenticate(&self, name: String, password: String) -> Option<u32> {
        let (uid, hash) = match name.as_str() {
            "ann" => (Some(7), Arc::clone(&self.hash_of_ann)),
            _ => (None, Arc::clone(&self.hash_of_nobody)),
        };
        // Argon2 is slow by purpose, and other requests wait for this thread.
        let check = spawn_blocking(move || {
            let hash = PasswordHash::new(&hash)?;
            Argon2::default().verify_password(password.as_bytes(), &hash)
        });
        let matches = check.await.is_ok_and(|checked| checked.is_ok());
        uid.filter(|_| matches)
    }
}
