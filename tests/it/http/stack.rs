//! The usual neighbours of a session layer: nested and merged routers, guards, files, other cookies, other programs.

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::middleware::{Next, from_extractor, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt;
use session_runtime::{CookieStoreConfig, Error, MissingSession, Result, Session, SessionData};

use super::support::{MAX_AGE, Visitor, config};

const OTHER_KEY: &str = "7bZpTsbHzFF6BTyV2cAgcWrjrMYGmvRkzxPZyq0UXcU=";

#[derive(SessionData)]
struct Account {
    /// Whose session it is.
    #[session(owner)]
    uid: u64,
}

async fn body(response: axum::response::Response) -> String {
    let bytes = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

async fn seen(account: std::result::Result<AccountHandle, MissingSession>) -> Response {
    match account.map(|account| account.get_uid()) {
        Ok(Ok(uid)) => format!("{uid:?}").into_response(),
        Ok(Err(error)) => error.into_response(),
        Err(_) => "no session".into_response(),
    }
}

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put(Account::UID, 7)).await;
    visitor
}

#[tokio::test]
async fn fallbacks_nested_and_merged_routers_have_a_session() {
    let mut visitor = signed_in().await;
    let inner = Router::new().route("/x", get(seen)).fallback(seen);
    let app = Router::new()
        .route("/", get(seen))
        .nest("/inner", inner)
        .nest_service("/service", axum::routing::get_service(get(seen)))
        .merge(Router::new().route("/merged", get(seen)))
        .fallback(seen)
        .layer(visitor.layer.clone());
    for path in [
        "/",
        "/inner/x",
        "/inner/nowhere",
        "/service",
        "/merged",
        "/nowhere",
    ] {
        let response = visitor.page(app.clone(), path).await;
        assert_eq!(body(response).await, "Some(7)", "{path}");
    }
    let routes = Router::new().route("/", get(seen)).fallback(seen);
    let routes = routes.route_layer(visitor.layer.clone());
    for (path, expected) in [("/", "Some(7)"), ("/nowhere", "no session")] {
        let response = visitor.page(routes.clone(), path).await;
        assert_eq!(body(response).await, expected, "{path}");
    }
}

/// An extractor of the application's own on top of a handle.
struct User(u64);

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let account = AccountHandle::from_request_parts(parts, state).await?;
        account.require_uid().map(User)
    }
}

#[tokio::test]
async fn a_handle_serves_in_an_extractor_and_in_a_guard() {
    let mut visitor = Visitor::new();
    let app = Router::new()
        .route("/", get(async |User(uid): User| uid.to_string()))
        .route_layer(from_extractor::<User>())
        .layer(visitor.layer.clone());
    let response = visitor.page(app.clone(), "/").await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    visitor.visit(|session| session.put(Account::UID, 7)).await;
    assert_eq!(body(visitor.page(app, "/").await).await, "7");
}

#[tokio::test]
async fn a_guard_that_answers_by_itself_saves_what_it_put() {
    async fn guard(account: AccountHandle, request: Request, next: Next) -> Result<Response> {
        if account.get_uid()?.is_none() {
            account.put("return_to", request.uri().path())?;
            return Ok(Redirect::to("/sign-in").into_response());
        }
        let response = next.run(request).await;
        account.put("after", true)?;
        Ok(response)
    }
    let mut visitor = Visitor::new();
    let app = Router::new()
        .route("/page", get(seen))
        .layer(from_fn(guard))
        .layer(visitor.layer.clone());
    let response = visitor.page(app.clone(), "/page").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(visitor.payload(), r#"{"return_to":"/page"}"#);
    visitor.visit(|session| session.put(Account::UID, 7)).await;
    visitor.page(app, "/page").await;
    assert!(visitor.record().keys().contains(&"after".to_owned()));
}

/// Also past half of the lifetime, where any look at the session sends its cookie.
#[tokio::test]
async fn no_cookie_goes_out_with_a_public_file() {
    async fn look(session: Session, request: Request, next: Next) -> Result<Response> {
        session.contains("uid")?;
        Ok(next.run(request).await)
    }
    let public = "public, max-age=86400, s-maxage=86400";
    let file = async move || ([(CACHE_CONTROL, public)], "png");
    let mut visitor = signed_in().await;
    let app = Router::new()
        .route("/plain.png", get(file))
        .route("/watched.png", get(file).layer(from_fn(look)))
        .layer(visitor.layer.clone());
    visitor.clock.advance(MAX_AGE / 2);
    visitor.page(app.clone(), "/plain.png").await;
    assert_eq!(visitor.answer.session_cookie(), None);
    assert_eq!(visitor.answer.all(CACHE_CONTROL), [public]);
    visitor.page(app, "/watched.png").await;
    assert!(visitor.answer.saves(), "touched and due");
    assert_eq!(
        visitor.answer.all(CACHE_CONTROL),
        ["max-age=86400, private"]
    );
}

#[tokio::test]
async fn other_cookies_survive_every_end_of_a_session() {
    for end in [Session::destroy, Session::restart] {
        let mut visitor = signed_in().await;
        let mut response = http::Response::new(());
        let token = HeaderValue::from_static("token=; Max-Age=0");
        response.headers_mut().append(SET_COOKIE, token);
        visitor.respond(response, end).await;
        let cookies = visitor.answer.all(SET_COOKIE).into_iter();
        let names: Vec<_> = cookies
            .filter_map(|cookie| cookie.split('=').next())
            .collect();
        assert_eq!(names, ["token", "session"]);
    }
}

/// Cookies ignore ports: two programs on localhost, or one on a host and one on its parent, share a name.
#[tokio::test]
async fn another_program_with_a_cookie_of_the_same_name_is_not_disturbed_by_reads() {
    let mine = signed_in().await;
    let mut theirs = Visitor::of(CookieStoreConfig::new("session", OTHER_KEY));
    theirs.cookie.clone_from(&mine.cookie);
    let uid = theirs.visit(|session| session.get(Account::UID)).await;
    assert_eq!(uid, None);
    assert_eq!(theirs.answer.session_cookie(), None, "mine stays");

    theirs.cookie = None;
    theirs.visit(|session| session.put(Account::UID, 8)).await;
    let (mine, own) = (
        mine.cookie.expect("a cookie"),
        theirs.cookie.expect("a cookie"),
    );
    for both in [format!("{mine}; {own}"), format!("{own}; {mine}")] {
        theirs.cookie = Some(both);
        let uid = theirs.visit(|session| session.get(Account::UID)).await;
        assert_eq!(uid, Some(8), "each finds its own");
    }
}

/// Servers of one service whose clocks are a few seconds apart.
#[tokio::test]
async fn servers_a_few_seconds_apart_share_a_session() {
    let mut visitor = signed_in().await;
    let slow = Visitor::of(config()).at(&visitor);
    slow.clock.set(visitor.clock.seconds() - 5);
    visitor.layer = slow.layer;
    assert_eq!(
        visitor.visit(|session| session.get(Account::UID)).await,
        Some(7)
    );
    assert_eq!(visitor.answer.session_cookie(), None);
}
