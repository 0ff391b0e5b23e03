//! Without a layer: an error that says what to do in the log, and nothing to the visitor.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use http::StatusCode;
use http_body_util::BodyExt;
use session_runtime::{Error, MissingSession, Session, SessionData};
use tower::ServiceExt;

use super::support::{Events, Visitor};

#[derive(SessionData)]
struct Account {
    /// Who is signed in.
    uid: i64,
}

async fn body_of(app: Router) -> (StatusCode, String) {
    let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn assert_helps(text: &str, wanted: &str) {
    for part in [
        wanted,
        "SessionLayer",
        "two versions of `session-runtime`",
        "task",
    ] {
        assert!(text.contains(part), "{part:?} in {text:?}");
    }
}

#[tokio::test]
async fn the_extractors_answer_opaquely_and_log_what_to_do() {
    let session = get(async |_: Session| "unreached");
    let account = get(async |_: AccountHandle| "unreached");
    for (handler, extractor) in [(session, "`Session`"), (account, "`AccountHandle`")] {
        let events = Events::capture();
        let (status, body) = body_of(Router::new().route("/", handler)).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(body, "Internal Server Error");
        let events = events.take();
        assert_eq!(events.len(), 1);
        assert!(events[0].starts_with("ERROR"), "{events:?}");
        assert_helps(&events[0], extractor);
    }
}

#[tokio::test]
async fn optional_extractors_are_none_only_without_a_layer() {
    async fn handler(session: Option<Session>, account: Option<AccountHandle>) -> String {
        format!("{} {}", session.is_some(), account.is_some())
    }
    let app = Router::new().route("/", get(handler));
    assert_eq!(body_of(app.clone()).await.1, "false false");
    let app = app.layer(Visitor::new().layer);
    assert_eq!(
        body_of(app).await.1,
        "true true",
        "also with an empty session"
    );
}

#[test]
fn the_free_functions_and_current_say_the_same() {
    let current = Session::current().unwrap_err();
    assert_helps(&current.to_string(), "Session::current()");
    let named = Session::named("session").unwrap_err();
    assert_helps(&named.to_string(), "Session::named()");
    let error = session_runtime::get::<i64>(&http::Request::new(()), "a").unwrap_err();
    assert!(matches!(error, Error::MissingSession(_)), "{error:?}");
    assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_helps(&error.to_string(), "`");
}

#[test]
fn it_is_an_error_as_others() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<MissingSession>();
    is_error::<Error>();
    let error = Error::from(Session::current().unwrap_err());
    assert!(std::error::Error::source(&error).is_some());
}
