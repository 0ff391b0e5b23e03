//! The pages of a site: who is signed in, a sign-in and a sign-out, any value, and the development page. They are at `/`
//! and below `/app` too, for cookies of a path.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, Form, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;
use serde_json::Value;
use session_runtime::dev::{self, DevPage};
use session_runtime::{Lifetime, Result, Session, SessionData};

#[derive(SessionData)]
pub(super) struct Visitor {
    /// Who is signed in.
    #[session(owner)]
    user: String,
    #[session(flash)]
    notice: String,
    #[session(ttl = "15m")]
    return_to: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Options {
    /// Pages say `Cache-Control: no-store`.
    no_store: bool,
    /// Further hosts that the development page is shown on.
    hosts: Vec<String>,
}

pub(super) fn routes(options: Options) -> Router {
    let peer = |it: &axum::http::Extensions| it.get::<ConnectInfo<SocketAddr>>().map(|it| it.0);
    let hosts = options.hosts.iter();
    let page = hosts.fold(dev::page(peer), DevPage::allow_host);
    let pages = Router::new()
        .route("/", get(home))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/put", post(put))
        .route("/held", get(held))
        .route("/set", get(set))
        .route_service("/_session", page)
        .layer(from_fn_with_state(options, cached));
    Router::new().nest("/app/", pages.clone()).merge(pages)
}

async fn cached(State(options): State<Options>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if options.no_store {
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Says in its root element whether it is shown anew or was kept by the browser.
const SHOWN: &str = "addEventListener('pageshow', event => {
    document.documentElement.dataset.shown = event.persisted ? 'again' : 'anew';
});
addEventListener('pagehide', () => delete document.documentElement.dataset.shown);";

async fn home(visitor: VisitorHandle) -> Result<Markup> {
    let user = visitor.get_user()?;
    let notice = visitor.get_notice()?;
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "A site" } link rel="icon" href="data:,"; }
            body {
                p id="user" { (user.as_deref().unwrap_or("nobody")) }
                @if let Some(notice) = notice { p id="notice" { (notice) } }
                form method="post" action="sign-in" {
                    label { "Name " input name="user" value="ada"; }
                    label { "Remember me " input name="remember" type="checkbox"; }
                    button { "Sign in" }
                }
                form method="post" action="sign-out" { button { "Sign out" } }
                a href="_session" { "The session" }
                a href="?next" { "Next" }
                script { (PreEscaped(SHOWN)) }
            }
        }
    })
}

#[derive(Deserialize)]
struct SignIn {
    user: String,
    remember: Option<String>,
}

async fn sign_in(visitor: VisitorHandle, Form(form): Form<SignIn>) -> Result<Redirect> {
    visitor.put_user(form.user)?;
    visitor.put_notice("Welcome!".to_owned())?;
    visitor.put_return_to("/wanted".to_owned())?;
    if form.remember.is_none() {
        let idle = Duration::from_secs(2 * 3_600);
        visitor.set_lifetime(Lifetime::Browser(idle))?;
    }
    Ok(Redirect::to("./"))
}

async fn sign_out(session: Session) -> Result<Redirect> {
    session.destroy()?;
    Ok(Redirect::to("./"))
}

#[derive(Deserialize)]
struct Put {
    key: String,
    /// A value of so many letters.
    letters: usize,
}

/// Puts a value; where it does not fit, the response says so.
async fn put(session: Session, Query(put): Query<Put>) -> Result<()> {
    session.put(put.key, "x".repeat(put.letters))
}

/// Every key with its value.
async fn held(session: Session) -> Result<Json<BTreeMap<String, Value>>> {
    let keys = session.keys()?.into_iter();
    let values = keys.map(|key| {
        let value = session.get::<Value>(&key)?;
        Ok((key, value.unwrap_or_default()))
    });
    values.collect::<Result<_>>().map(Json)
}

#[derive(Deserialize)]
struct Set {
    cookie: String,
}

/// Any cookie, also one that the layer would not set.
async fn set(Query(set): Query<Set>) -> [(HeaderName, String); 1] {
    [(SET_COOKIE, set.cookie)]
}
