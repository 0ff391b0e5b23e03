//! A hook that fails or panics: the session is unavailable, and nobody is signed out by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use http_body_util::BodyExt;
use session_runtime::{Error, Revocation, Session, Verdict};
use tower_http::catch_panic::CatchPanicLayer;

use super::revocation::{Asked, Kind, signed_in};
use super::support::Visitor;
use crate::calls::EVERY_CALL;

/// A hook on a database that can be down.
fn hook(kind: Kind, asked: &Asked, down: &Arc<AtomicBool>) -> Revocation {
    let down = Arc::clone(down);
    kind.hook(asked, move |_| {
        if down.load(Ordering::SeqCst) {
            Err("no connection to the database".into())
        } else {
            Ok(Verdict::Valid)
        }
    })
}

fn assert_nothing_sent(visitor: &Visitor, kind: Kind) {
    assert_eq!(visitor.answer.session_cookie(), None, "{kind:?}");
    assert_eq!(visitor.answer.all("vary"), ["Cookie"], "{kind:?}");
    assert_eq!(visitor.answer.all("cache-control"), ["private"], "{kind:?}");
}

#[tokio::test]
async fn every_call_says_so_whichever_comes_first_and_no_cookie_is_sent() {
    for (kind, first) in Kind::BOTH
        .into_iter()
        .flat_map(|kind| (0..EVERY_CALL.len()).map(move |first| (kind, first)))
    {
        let (asked, down) = (Asked::default(), Arc::new(AtomicBool::new(true)));
        let mut visitor = signed_in(hook(kind, &asked, &down)).await;
        visitor
            .visit(|session| {
                let calls = EVERY_CALL.iter().cycle().skip(first);
                for (name, call) in calls.take(EVERY_CALL.len()) {
                    let error = call(session).expect_err(name);
                    assert!(matches!(error, Error::Unavailable), "{kind:?}, {name}");
                    assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
                }
                Ok(())
            })
            .await;
        assert_eq!(asked.times(), 1, "{kind:?}");
        assert_nothing_sent(&visitor, kind);
        assert!(visitor.layer.requests().is_empty());
    }
}

#[tokio::test]
async fn after_the_outage_everybody_is_still_signed_in() {
    for kind in Kind::BOTH {
        let (asked, down) = (Asked::default(), Arc::new(AtomicBool::new(true)));
        let mut visitor = signed_in(hook(kind, &asked, &down)).await;
        let before = visitor.cookie.clone();
        let destroy = |session: &Session| Ok(session.destroy().is_err());
        assert!(visitor.visit(destroy).await, "{kind:?}");
        down.store(false, Ordering::SeqCst);
        assert_eq!(visitor.cookie, before);
        let uid: Option<i64> = visitor.visit(|session| session.get("uid")).await;
        assert_eq!(uid, Some(7), "{kind:?}");
    }
}

/// The calls of a request that began before the end of the outage go on failing: one verdict a request.
#[tokio::test]
async fn one_request_does_not_see_the_end_of_the_outage() {
    let (asked, down) = (Asked::default(), Arc::new(AtomicBool::new(true)));
    let mut visitor = signed_in(hook(Kind::AtOnce, &asked, &down)).await;
    let late = Arc::clone(&down);
    visitor
        .visit(|session| {
            assert!(matches!(session.keys(), Err(Error::Unavailable)));
            late.store(false, Ordering::SeqCst);
            assert!(matches!(session.keys(), Err(Error::Unavailable)));
            Ok(())
        })
        .await;
    assert_eq!(asked.times(), 1);
}

#[tokio::test]
async fn visitors_without_a_session_do_not_notice_the_outage() {
    for kind in Kind::BOTH {
        let down = Arc::new(AtomicBool::new(true));
        let mut visitor = signed_in(hook(kind, &Asked::default(), &down)).await;
        visitor.cookie = None;
        visitor.visit(|session| session.put("theme", "dark")).await;
        assert!(visitor.answer.saves(), "{kind:?}");
    }
}

fn app(visitor: &Visitor) -> Router {
    let page = async |session: Session| session.get::<i64>("uid").map(|uid| format!("{uid:?}"));
    Router::new()
        .route("/", get(page))
        .layer(visitor.layer.clone())
        .layer(CatchPanicLayer::new())
}

#[tokio::test]
async fn an_axum_page_answers_503_and_says_nothing_of_the_cause() {
    for kind in Kind::BOTH {
        let down = Arc::new(AtomicBool::new(true));
        let mut visitor = signed_in(hook(kind, &Asked::default(), &down)).await;
        let app = app(&visitor);
        let response = visitor.page(app.clone(), "/").await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = response.into_body().collect().await.expect("a body");
        assert_eq!(body.to_bytes(), "Service Unavailable");
        assert_nothing_sent(&visitor, kind);
        down.store(false, Ordering::SeqCst);
        let response = visitor.page(app, "/").await;
        let body = response.into_body().collect().await.expect("a body");
        assert_eq!(body.to_bytes(), "Some(7)");
    }
}

#[tokio::test]
async fn a_hook_that_panics_fails_its_request_alone() {
    for kind in Kind::BOTH {
        let panics = Arc::new(AtomicBool::new(true));
        let down = Arc::clone(&panics);
        let hook = kind.hook(&Asked::default(), move |_| {
            assert!(!down.load(Ordering::SeqCst), "the hook has a defect");
            Ok(Verdict::Valid)
        });
        let mut visitor = signed_in(hook).await;
        let app = app(&visitor);
        let response = visitor.page(app.clone(), "/").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(visitor.answer.session_cookie(), None, "{kind:?}");
        assert!(visitor.layer.requests().is_empty(), "{kind:?}");
        assert!(Session::current().is_err(), "{kind:?}");
        panics.store(false, Ordering::SeqCst);
        let response = visitor.page(app, "/").await;
        let body = response.into_body().collect().await.expect("a body");
        assert_eq!(body.to_bytes(), "Some(7)", "{kind:?}");
    }
}
