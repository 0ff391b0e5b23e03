//! A small application with the page, and requests to it: over a real connection, or with a peer of our choice.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use http::header::{COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use session_runtime::dev::{self, DevPage};
use session_runtime::{
    CookieStore, CookieStoreConfig, Record, Result, Session, SessionData, SessionLayer,
};
use tower::ServiceExt;

pub(crate) const NAME: &str = "__Host-app";
pub(crate) const KEY: &str = "A42QgdrpHgfn40iQHQsNLKcNpLdyfaIMEmPwtetyuks=";

#[derive(SessionData)]
pub(crate) struct Account {
    #[session(owner)]
    pub(crate) uid: i64,
    pub(crate) name: String,
    #[session(flash)]
    pub(crate) notice: String,
    #[session(ttl = "15m")]
    pub(crate) return_to: String,
    #[session(private)]
    pub(crate) token: String,
}

pub(crate) fn config() -> CookieStoreConfig {
    CookieStoreConfig::new(NAME, KEY)
}

pub(crate) fn layer(config: CookieStoreConfig) -> SessionLayer {
    SessionLayer::new(config).expect("a good configuration")
}

pub(crate) fn page() -> DevPage {
    dev::page(|it| it.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0))
}

/// The routes, without a layer.
pub(crate) fn routes(page: DevPage) -> Router {
    Router::new()
        .route_service("/_session", page)
        .route("/sign-in", post(sign_in))
        .route("/read", get(read))
        .route("/plain", get(async || "hello"))
        .route("/fails", post(fails))
        .route(
            "/sign-out",
            post(async |session: Session| session.destroy()),
        )
        .route("/panics", get(panics))
}

pub(crate) fn app() -> Router {
    routes(page()).layer(layer(config()))
}

async fn sign_in(account: AccountHandle) -> Result<()> {
    account.put_uid(7)?;
    account.put_notice("welcome".to_owned())
}

async fn read(session: Session) -> Result<String> {
    Ok(format!("{:?}", session.get::<i64>("uid")?))
}

async fn fails(session: Session) -> Result<StatusCode> {
    session.put("n", 1)?;
    Ok(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn panics(session: Session) -> Result<()> {
    session.put("n", 1)?;
    panic!("as asked for")
}

/// A response.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// A request as a browser on this machine makes it, with more fields or others.
pub(crate) fn from_here(path: &str, fields: &[(&'static str, &str)]) -> Request<Body> {
    from((Ipv4Addr::LOCALHOST, 50_000).into(), path, fields)
}

pub(crate) fn from(peer: SocketAddr, path: &str, fields: &[(&'static str, &str)]) -> Request<Body> {
    let (method, path) = path.split_once(' ').unwrap_or(("GET", path));
    let request = Request::builder().method(method).uri(path);
    let mut request = request.body(Body::empty()).expect("a request");
    let headers = request.headers_mut();
    headers.insert(HOST, "localhost:3000".parse().expect("a host"));
    for (name, value) in fields {
        let value = value.parse().expect("a header");
        if *name == "host" {
            headers.insert(HOST, value);
        } else {
            headers.append(*name, value);
        }
    }
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

pub(crate) async fn ask(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.expect("infallible");
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    Answer {
        status: head.status,
        headers: head.headers,
        text: String::from_utf8(body.to_vec()).expect("text"),
    }
}

/// What the page says to a browser that has these cookies.
pub(crate) async fn shown(app: &Router, cookie: &str) -> String {
    let answer = ask(app, from_here("/_session", &[(COOKIE.as_str(), cookie)])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.headers.get(SET_COOKIE).is_none());
    answer.text
}

/// `name=value` of a record that this fills.
pub(crate) fn cookie(store: &CookieStore, fill: impl FnOnce(&mut Record) -> Result<()>) -> String {
    let mut record = store.new_record().expect("random bytes");
    fill(&mut record).expect("it is taken");
    let sealed = store.seal(&record).expect("it fits");
    let sealed = sealed.to_str().expect("ASCII");
    sealed.split(';').next().expect("a pair").to_owned()
}

pub(crate) fn store(config: CookieStoreConfig) -> CookieStore {
    CookieStore::new(config).expect("a good configuration")
}

#[track_caller]
pub(crate) fn says(page: &str, text: &str) {
    assert!(page.contains(text), "{text:?} in\n{page}");
}

#[track_caller]
pub(crate) fn is_silent(page: &str, text: &str) {
    assert!(!page.contains(text), "{text:?} in\n{page}");
}
