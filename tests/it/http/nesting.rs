//! Two session layers around one handler, each with a cookie of its own.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use http::header::{CACHE_CONTROL, SET_COOKIE, VARY};
use http::request::Parts;
use session_runtime::{Result, Session, SessionLayer};

use super::support::{Clock, Events, Visitor, config};

fn named(name: &str, clock: &Clock) -> SessionLayer {
    let layer = SessionLayer::new(config().with_name(name)).unwrap();
    layer.with_clock(clock.reader())
}

fn names(visitor: &Visitor) -> Vec<String> {
    let cookies = visitor.answer.all(SET_COOKIE).into_iter();
    let names = cookies.filter_map(|cookie| cookie.split('=').next());
    names.map(ToOwned::to_owned).collect()
}

/// A visit to a page below the layers `inner` (around it) and `outer`.
async fn visit<H, T>(handler: H) -> (Visitor, SessionLayer, SessionLayer)
where
    H: axum::handler::Handler<T, ()>,
    T: 'static,
{
    let mut visitor = Visitor::new();
    let inner = named("inner", &visitor.clock);
    let outer = named("outer", &visitor.clock);
    let app = Router::new()
        .route("/", get(handler))
        .layer(inner.clone())
        .layer(outer.clone());
    let response = visitor.page(app, "/").await;
    assert!(response.status().is_success(), "{}", response.status());
    assert!(inner.requests().is_empty() && outer.requests().is_empty());
    (visitor, inner, outer)
}

#[tokio::test]
async fn both_are_reached_and_saved() {
    async fn handler(session: Session, parts: Parts) -> Result<()> {
        session.put("a", 1)?;
        assert!(Session::current()?.contains("a")?);
        assert!(session_runtime::get::<i64>(&parts, "a")?.is_some());
        assert!(Session::named("inner")?.contains("a")?);
        let outer = Session::named("outer")?;
        assert!(!outer.contains("a")?);
        assert!(Session::named("other").is_err());
        outer.put("b", 2)
    }
    let (visitor, ..) = visit(handler).await;
    assert_eq!(names(&visitor), ["inner", "outer"]);
    assert_eq!(visitor.answer.all(VARY), ["Cookie"]);
    assert_eq!(visitor.answer.all(CACHE_CONTROL), ["no-store, private"]);
}

#[tokio::test]
async fn each_alone_is_saved_alone() {
    async fn inner() -> Result<()> {
        Session::named("inner")?.put("a", 1)
    }
    async fn outer() -> Result<()> {
        Session::named("outer")?.put("a", 1)
    }
    assert_eq!(names(&visit(inner).await.0), ["inner"]);
    assert_eq!(names(&visit(outer).await.0), ["outer"]);
}

#[tokio::test]
async fn between_the_layers_the_outer_one_is_the_session() {
    async fn between(session: Session, request: Request, next: Next) -> Result<Response> {
        session.put("before", 1)?;
        assert!(Session::named("inner").is_err(), "not yet begun");
        let response = next.run(Request::new(request.into_body())).await;
        assert!(Session::named("inner").is_err(), "ended");
        assert!(Session::current()?.contains("within")?);
        session.put("after", 1)?;
        Ok(response)
    }
    async fn handler() -> Result<()> {
        assert!(!Session::current()?.contains("before")?);
        Session::named("outer")?.put("within", 1)
    }
    let mut visitor = Visitor::new();
    let app = Router::new()
        .route("/", get(handler))
        .layer(named("inner", &visitor.clock))
        .layer(from_fn(between))
        .layer(named("outer", &visitor.clock));
    let response = visitor.page(app, "/").await;
    assert!(response.status().is_success());
    assert_eq!(names(&visitor), ["outer"]);
}

#[tokio::test]
async fn a_second_layer_of_the_same_name_does_nothing_and_says_so() {
    async fn handler(session: Session) -> Result<()> {
        session.put("a", 1)
    }
    let events = Events::capture();
    let mut visitor = Visitor::new();
    let app = Router::new()
        .route("/", get(handler))
        .layer(visitor.layer.clone())
        .layer(visitor.layer.clone());
    visitor.page(app, "/").await;
    assert_eq!(visitor.payload(), r#"{"a":1}"#);
    assert!(visitor.layer.requests().is_empty());
    let events = events.take();
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0].starts_with("WARN"), "{events:?}");
}
