//! What a middleware answers for a handler that it dropped half-way saves nothing, and HEAD, which shows nothing, uses
//! up no flash.

use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use session_runtime::{Key, KeyInfo, Result, SavePolicy, Session};
use tower_http::timeout::TimeoutLayer;

use super::support::{Events, MAX_AGE, Visitor};

const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash());

async fn transfer(session: Session) -> Result<()> {
    session.put("taken", 100)?;
    std::future::pending::<()>().await;
    session.put("given", 100)
}

async fn sign_out(session: Session) -> Result<()> {
    session.destroy()?;
    std::future::pending().await
}

async fn sign_out_with_a_goodbye(session: Session) -> Result<()> {
    session.restart()?;
    session.put("notice", "bye")?;
    std::future::pending().await
}

/// A server that answers 408 after a moment.
fn app(visitor: &Visitor) -> Router {
    let at_once = Duration::from_millis(1);
    let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, at_once);
    Router::new()
        .route("/transfer", get(transfer))
        .route("/out", get(sign_out))
        .route("/bye", get(sign_out_with_a_goodbye))
        .layer(timeout)
        .layer(visitor.layer.clone())
}

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

#[tokio::test(start_paused = true)]
async fn half_of_what_a_handler_did_before_a_timeout_is_not_saved() {
    let mut visitor = signed_in().await;
    let events = Events::capture();
    let response = visitor.page(app(&visitor), "/transfer").await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(visitor.answer.session_cookie(), None);
    assert_eq!(visitor.answer.all("vary"), ["Cookie"]);
    assert_eq!(visitor.answer.all("cache-control"), ["private"]);
    assert_eq!(events.outcomes(), ["skipped_408"]);
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn under_always_it_is() {
    let mut visitor = signed_in().await;
    visitor = visitor.with_layer(|layer| layer.with_save_policy(SavePolicy::Always));
    visitor.page(app(&visitor), "/transfer").await;
    assert_eq!(visitor.payload(), r#"{"uid":7,"taken":100}"#);
}

#[tokio::test(start_paused = true)]
async fn a_sign_out_is_sent_with_a_408_too() {
    for path in ["/out", "/bye"] {
        let mut visitor = signed_in().await;
        let events = Events::capture();
        let response = visitor.page(app(&visitor), path).await;
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
        assert!(visitor.answer.removes(), "{path}");
        assert_eq!(events.outcomes(), ["destroyed"], "{path}");
    }
}

#[tokio::test]
async fn neither_a_flash_nor_a_refresh_goes_with_a_408() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put(NOTICE, "saved".to_owned()))
        .await;
    let timeout = StatusCode::REQUEST_TIMEOUT;
    let shown = visitor
        .answered(timeout, |session| session.get(NOTICE))
        .await;
    assert!(shown.is_some());
    assert_eq!(visitor.answer.session_cookie(), None);
    visitor.clock.advance(MAX_AGE / 2);
    visitor.answered(timeout, Session::keys).await;
    assert_eq!(visitor.answer.session_cookie(), None);
    let shown = visitor.visit(|session| session.get(NOTICE)).await;
    assert!(shown.is_some(), "it is still there");
}

#[tokio::test]
async fn a_renewal_before_a_408_supersedes_nobody() {
    let mut visitor = signed_in().await;
    let slow = visitor
        .begin(
            |session| session.keys().map(drop),
            |session| session.put("late", 1),
        )
        .await;
    visitor
        .answered(StatusCode::REQUEST_TIMEOUT, Session::renew)
        .await;
    assert_eq!(visitor.answer.session_cookie(), None);
    assert!(slow.finish().await.answer.saves());
}

async fn page(session: Session) -> Result<String> {
    Ok(session.get(NOTICE)?.unwrap_or_default())
}

async fn taking_page(session: Session) -> Result<String> {
    let mut texts = String::new();
    while let Some(text) = session.take(NOTICE)? {
        texts += &text;
    }
    assert_eq!(session.get(NOTICE)?, None);
    assert!(!session.contains(NOTICE)?);
    assert!(!session.keys()?.contains(&"notice".to_owned()));
    Ok(texts)
}

/// A link preview or an uptime check asks for the head of a page; the visitor must still see what it says.
#[tokio::test]
async fn head_uses_up_no_flash_and_get_after_it_does() {
    for path in ["/", "/take"] {
        let mut visitor = Visitor::new();
        visitor
            .visit(|session| session.put(NOTICE, "saved".to_owned()))
            .await;
        let app = Router::new()
            .route("/", get(page))
            .route("/take", get(taking_page))
            .layer(visitor.layer.clone());
        for _ in 0..2 {
            let mut request = visitor.request().map(|()| axum::body::Body::empty());
            *request.method_mut() = Method::HEAD;
            *request.uri_mut() = path.parse().expect("a path");
            let response = tower::ServiceExt::oneshot(app.clone(), request).await;
            let response = response.unwrap_or_else(|never| match never {});
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            visitor.note(response.headers().clone());
            assert_eq!(visitor.answer.session_cookie(), None, "{path}");
        }
        let response = visitor.page(app.clone(), path).await;
        let body = response.into_body().collect().await.expect("a body");
        assert_eq!(body.to_bytes(), "saved");
        assert!(visitor.answer.saves());
        let response = visitor.page(app, path).await;
        let body = response.into_body().collect().await.expect("a body");
        assert_eq!(body.to_bytes(), "");
    }
}

#[tokio::test]
async fn in_a_head_request_all_else_is_as_ever() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put(NOTICE, "old".to_owned()))
        .await;
    let head = |visitor: &Visitor| {
        let mut request: Request<()> = visitor.request();
        *request.method_mut() = Method::HEAD;
        request
    };
    let request = head(&visitor);
    visitor
        .send(request, http::Response::new(()), |session| {
            session.put("n", 1)?;
            session.put(NOTICE, "new".to_owned())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"notice":"new","n":1}"#);
    let request = head(&visitor);
    visitor
        .send(request, http::Response::new(()), |session| {
            assert_eq!(session.take(NOTICE)?.as_deref(), Some("new"));
            session.put(NOTICE, "newer".to_owned())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"notice":"newer","n":1}"#);
    let request = head(&visitor);
    visitor
        .send(request, http::Response::new(()), |session| {
            session.del(NOTICE)
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"n":1}"#, "a del is no read");
}

/// With the timeout outside of the layer the request is dropped as a whole.
#[tokio::test(start_paused = true)]
async fn with_the_timeout_outside_nothing_is_saved_either() {
    let mut visitor = signed_in().await;
    let timeout =
        TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_millis(1));
    let app = Router::new()
        .route("/transfer", get(transfer).merge(post(transfer)))
        .layer(visitor.layer.clone())
        .layer(timeout);
    let response = visitor.page(app, "/transfer").await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert!(visitor.answer.headers.get("set-cookie").is_none());
    assert!(visitor.layer.requests().is_empty());
}
