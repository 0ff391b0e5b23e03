//! Two layers of one cookie name around one handler: clones of one layer are one, and of any other the inner one's
//! revocation, lifetime or policy could not hold, so that every call below it fails.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::SET_COOKIE;
use session_runtime::{
    Error, Result, RevocationList, SavePolicy, Session, SessionData, SessionLayer, Verdict,
};

use super::support::{Events, NAME, Visitor, config, time};
use crate::calls::EVERY_CALL;

#[derive(SessionData)]
struct Account {
    /// Who is signed in.
    uid: i64,
}

fn assert_conflict(result: Result<()>, name: &str) {
    let Err(error) = result else {
        panic!("{name} went through");
    };
    assert!(
        matches!(&error, Error::LayerConflict { cookie } if cookie == NAME),
        "{name}: {error:?}"
    );
    assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

async fn every_call(session: Session) -> StatusCode {
    for (name, call) in EVERY_CALL {
        assert_conflict(call(&session), name);
        assert_conflict(call(&Session::current().expect("below a layer")), name);
        assert_conflict(call(&Session::named(NAME).expect("below a layer")), name);
    }
    StatusCode::OK
}

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

/// A page below `inner`, below the layer of the visitor.
fn app(visitor: &Visitor, inner: SessionLayer) -> Router {
    Router::new()
        .route("/", get(every_call))
        .layer(inner)
        .layer(visitor.layer.clone())
}

async fn assert_others(visitor: &mut Visitor, inner: SessionLayer, what: &str) {
    let requests = inner.requests().clone();
    let events = Events::capture();
    let app = app(visitor, inner);
    let response = visitor.page(app, "/").await;
    assert_eq!(response.status(), StatusCode::OK, "{what}");
    assert!(visitor.answer.headers.get(SET_COOKIE).is_none(), "{what}");
    let events = events.take();
    assert_eq!(events.len(), 1, "{what}: {events:?}");
    assert!(
        events[0].starts_with("ERROR") && events[0].contains("layer_conflict"),
        "{events:?}"
    );
    assert!(
        visitor.layer.requests().is_empty() && requests.is_empty(),
        "{what}"
    );
}

#[tokio::test]
async fn below_another_layer_of_the_name_every_call_says_so() {
    let mut visitor = signed_in().await;
    let inner = SessionLayer::new(config()).expect("a good configuration");
    assert_others(&mut visitor, inner, "of its own").await;
    let mut visitor = Visitor::new();
    let inner = SessionLayer::new(config()).expect("a good configuration");
    assert_others(&mut visitor, inner, "without a cookie").await;
}

#[tokio::test]
async fn a_clone_that_was_changed_is_another_layer() {
    type Change = fn(SessionLayer) -> SessionLayer;
    let changes: [(&str, Change); 7] = [
        ("with_data", |layer| {
            layer.with_data::<Account>().expect("one owner")
        }),
        ("with_save_policy", |layer| {
            layer.with_save_policy(SavePolicy::Always)
        }),
        ("with_revocation", |layer| {
            layer.with_revocation(RevocationList::default())
        }),
        ("an awaited hook", |layer| {
            layer.with_revocation(session_runtime::Revocation::with_future(|_| async {
                Ok(Verdict::Valid)
            }))
        }),
        ("without_cache_headers", SessionLayer::without_cache_headers),
        ("with_clear_site_data", SessionLayer::with_clear_site_data),
        ("with_clock", |layer| layer.with_clock(|| time(0))),
    ];
    for (what, change) in changes {
        let mut visitor = signed_in().await;
        let inner = change(visitor.layer.clone());
        assert_others(&mut visitor, inner, what).await;
        // Whichever of the two is the inner one.
        let mut visitor = signed_in().await;
        let inner = visitor.layer.clone();
        visitor = visitor.with_layer(change);
        assert_others(&mut visitor, inner, what).await;
    }
}

#[tokio::test]
async fn clones_are_one_layer() {
    let list = RevocationList::default();
    let mut visitor = signed_in().await;
    visitor = visitor.with_layer(|layer| {
        let layer = layer.with_data::<Account>().expect("no owner");
        layer.with_revocation(list).with_clear_site_data()
    });
    let handler = async |session: Session| session.put("n", 1);
    let app = Router::new()
        .route("/", get(handler))
        .layer(visitor.layer.clone())
        .layer(visitor.layer.clone())
        .layer(visitor.layer.clone());
    let response = visitor.page(app, "/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(visitor.payload(), r#"{"uid":7,"n":1}"#);
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn a_hook_of_the_inner_layer_is_not_asked_for_nothing() {
    for awaits in [false, true] {
        let hook = if awaits {
            session_runtime::Revocation::with_future(|_| async {
                panic!("its verdict would hold for nobody");
                #[expect(unreachable_code)]
                Ok(Verdict::Valid)
            })
        } else {
            session_runtime::Revocation::new(|_| panic!("its verdict would hold for nobody"))
        };
        let mut visitor = signed_in().await;
        let inner = visitor.layer.clone().with_revocation(hook);
        assert_others(&mut visitor, inner, "a hook").await;
    }
}

/// What middleware between the two layers does to the outer session goes out, and nothing of the inner one.
#[tokio::test]
async fn the_outer_layers_own_work_stays_right() {
    async fn between(session: Session, request: Request, next: Next) -> Result<Response> {
        session.put("before", 1)?;
        let response = next.run(request).await;
        session.put("after", 1)?;
        assert!(Session::current()?.contains("before")?);
        Ok(response)
    }
    let mut visitor = signed_in().await;
    let inner = SessionLayer::new(config()).expect("a good configuration");
    let app = Router::new()
        .route("/", get(every_call))
        .layer(inner.clone())
        .layer(from_fn(between))
        .layer(visitor.layer.clone());
    let response = visitor.page(app, "/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(visitor.answer.all(SET_COOKIE).len(), 1);
    assert_eq!(visitor.payload(), r#"{"uid":7,"before":1,"after":1}"#);
    assert!(inner.requests().is_empty());
}

#[tokio::test]
async fn also_where_a_layer_of_another_name_stands_between() {
    let mut visitor = signed_in().await;
    let other = SessionLayer::new(config().with_name("other")).expect("a good configuration");
    let inner = SessionLayer::new(config()).expect("a good configuration");
    async fn handler(session: Session) -> Result<()> {
        assert_conflict(session.keys().map(drop), "keys");
        assert_conflict(Session::named(NAME)?.keys().map(drop), "keys");
        Session::named("other")?.put("a", 1)
    }
    let app = Router::new()
        .route("/", get(handler))
        .layer(inner)
        .layer(other)
        .layer(visitor.layer.clone());
    let response = visitor.page(app, "/").await;
    assert_eq!(response.status(), StatusCode::OK);
    let cookies = visitor.answer.all(SET_COOKIE);
    assert!(
        cookies.len() == 1 && cookies[0].starts_with("other="),
        "{cookies:?}"
    );
}

/// Three layers, the innermost a clone of one of the two that are at odds.
#[tokio::test]
async fn a_third_layer_heals_nothing() {
    for innermost_is_outer in [true, false] {
        let mut visitor = signed_in().await;
        let middle = SessionLayer::new(config()).expect("a good configuration");
        let innermost = if innermost_is_outer {
            visitor.layer.clone()
        } else {
            middle.clone()
        };
        let app = Router::new()
            .route("/", get(every_call))
            .layer(innermost)
            .layer(middle)
            .layer(visitor.layer.clone());
        let response = visitor.page(app, "/").await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(visitor.answer.headers.get(SET_COOKIE).is_none());
        assert!(visitor.layer.requests().is_empty());
    }
}

/// A part of the site under stricter rules, by a second middleware around it, is not served under the laxer ones.
#[tokio::test]
async fn a_stricter_layer_around_a_part_of_the_site_fails_closed() {
    async fn who(session: Session) -> Result<String> {
        Ok(format!("{:?}", session.get::<i64>("uid")?))
    }
    let mut visitor = signed_in().await;
    let strict = SessionLayer::new(config().with_max_age(Duration::from_secs(60)));
    let admin = Router::new()
        .route("/", get(who))
        .layer(strict.expect("a good configuration"));
    let app = Router::new()
        .route("/", get(who))
        .nest("/admin", admin)
        .layer(visitor.layer.clone());
    let events = Events::capture();
    let response = visitor.page(app.clone(), "/admin").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(visitor.page(app.clone(), "/admin").await.status(), 500);
    let said = events
        .take()
        .into_iter()
        .filter(|event| event.contains("layer_conflict"));
    assert_eq!(said.count(), 1, "once a minute");
    assert_eq!(visitor.page(app, "/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn two_layers_side_by_side_are_no_conflict() {
    async fn put(session: Session) -> impl IntoResponse {
        session.put("n", 1)
    }
    let mut visitor = signed_in().await;
    let other = visitor.layer.clone().with_save_policy(SavePolicy::Always);
    let app = Router::new()
        .route("/", get(put).layer(visitor.layer.clone()))
        .route("/other", get(put).layer(other));
    for path in ["/", "/other"] {
        assert_eq!(
            visitor.page(app.clone(), path).await.status(),
            StatusCode::OK
        );
    }
    assert_eq!(visitor.payload(), r#"{"uid":7,"n":1}"#);
}
