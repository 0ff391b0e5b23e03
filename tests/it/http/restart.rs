//! A restart ends the session as `destroy` does, and an empty one begins at once: the visitor is signed out and told so.

use std::convert::Infallible;

use http::{Request, Response, StatusCode};
use session_runtime::{Error, Key, KeyInfo, Result, SavePolicy, Session};
use tower::{Layer, ServiceExt, service_fn};

use super::kind;
use super::support::{Events, START, Visitor, time};

const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash());

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor.clock.advance(10);
    visitor
}

fn sign_out(session: &Session) -> Result<()> {
    session.restart()?;
    session.put(NOTICE, "You are signed out.".to_owned())
}

fn touch(session: &Session) -> Result<()> {
    session.keys().map(drop)
}

fn put(session: &Session) -> Result<()> {
    session.put("late", 1)
}

async fn uid(visitor: &Visitor) -> Option<i64> {
    visitor.clone().visit(|session| session.get("uid")).await
}

#[tokio::test]
async fn the_goodbye_is_shown_on_the_next_page_to_nobody_in_particular() {
    let mut visitor = signed_in().await;
    let before = visitor.record();
    visitor.answered(StatusCode::SEE_OTHER, sign_out).await;
    assert!(visitor.answer.saves());
    let after = visitor.record();
    assert_ne!(after.id(), before.id());
    assert_eq!(after.born(), time(START + 10));
    let shown = visitor.visit(|session| session.get(NOTICE)).await;
    assert_eq!(shown.as_deref(), Some("You are signed out."));
    assert_eq!(visitor.payload(), "{}");
    assert_eq!(uid(&visitor).await, None);
}

#[tokio::test]
async fn in_its_own_request_the_session_is_new_and_empty() {
    let mut visitor = signed_in().await;
    let before = visitor.record().id();
    let id = visitor
        .visit(|session| {
            session.put("draft", 1)?;
            session.restart()?;
            assert!(session.is_new()?);
            assert!(session.keys()?.is_empty());
            assert_eq!(session.get::<i64>("uid")?, None);
            assert_eq!(session.born()?, time(START + 10));
            session.put("a", 1)?;
            session.id()
        })
        .await;
    assert_ne!(id, before);
    assert_eq!(
        (visitor.record().id(), visitor.payload()),
        (id, r#"{"a":1}"#.to_owned())
    );
    assert!(!visitor.visit(Session::is_new).await);
}

#[tokio::test]
async fn a_restart_alone_replaces_the_cookie() {
    let mut visitor = signed_in().await;
    visitor.visit(Session::restart).await;
    assert!(visitor.answer.saves());
    assert_eq!(visitor.payload(), "{}");
    let mut unreadable = Visitor::new();
    unreadable.cookie = Some("session=unreadable".to_owned());
    unreadable.visit(Session::restart).await;
    assert!(unreadable.answer.saves());
}

#[tokio::test]
async fn without_any_cookie_it_sends_none_until_something_is_put() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("a", 1)?;
            session.restart()
        })
        .await;
    assert_eq!(visitor.answer.session_cookie(), None);
    visitor.visit(sign_out).await;
    assert!(visitor.answer.saves());
}

#[tokio::test]
async fn the_old_id_is_refused_in_later_requests() {
    for calls in [sign_out, |session: &Session| {
        session.destroy()?;
        sign_out(session)
    }] {
        let mut visitor = signed_in().await;
        let thief = visitor.clone();
        visitor.visit(calls).await;
        let events = Events::capture();
        assert_eq!(uid(&thief).await, None);
        let events = events.take();
        assert_eq!(events.len(), 1, "{events:?}");
        assert!(events[0].contains("revoked"), "{events:?}");
        thief.clock.advance(59);
        assert_eq!(uid(&thief).await, None);
    }
}

#[tokio::test]
async fn a_request_in_flight_saves_nothing() {
    for status in [StatusCode::OK, StatusCode::BAD_GATEWAY] {
        let mut visitor = signed_in().await;
        let slow = visitor.begin(touch, put).await;
        visitor.answered(status, sign_out).await;
        let events = Events::capture();
        let slow = slow.finish().await;
        assert_eq!(slow.answer.session_cookie(), None);
        assert_eq!(events.outcomes(), ["superseded"], "{status}");
    }
}

/// Nor does a renewal that comes after the sign-out, by a request that began before it.
#[tokio::test]
async fn a_renewal_in_flight_does_not_bring_the_old_id_back() {
    for end in [Session::restart, Session::destroy] {
        let mut visitor = signed_in().await;
        let thief = visitor.clone();
        let other = visitor.begin(touch, put).await;
        let renewing = visitor.begin(touch, Session::renew).await;
        visitor.visit(end).await;
        let leaving = visitor.begin(Session::renew, touch).await;
        // A store knows that what it renews is gone.
        let renewed = renewing.finish().await;
        assert_eq!(renewed.answer.saves(), kind::IN_COOKIE, "two clicks");
        leaving.cancel().await;
        assert_eq!(uid(&thief).await, None, "signed out");
        assert_eq!(other.finish().await.answer.session_cookie(), None);
    }
}

#[tokio::test]
async fn on_a_failed_page_it_is_sent_as_a_removal() {
    for status in [StatusCode::BAD_GATEWAY, StatusCode::REQUEST_TIMEOUT] {
        let mut visitor = signed_in().await;
        let thief = visitor.clone();
        visitor.answered(status, sign_out).await;
        assert!(visitor.answer.removes(), "{status}");
        assert_eq!(uid(&thief).await, None, "{status}");
        assert_eq!(visitor.visit(|session| session.get(NOTICE)).await, None);
    }
    let always = |layer: session_runtime::SessionLayer| layer.with_save_policy(SavePolicy::Always);
    let mut visitor = signed_in().await.with_layer(always);
    visitor.answered(StatusCode::BAD_GATEWAY, sign_out).await;
    assert!(visitor.answer.saves(), "under SavePolicy::Always");
    let mut visitor = Visitor::new();
    visitor.answered(StatusCode::BAD_GATEWAY, sign_out).await;
    assert_eq!(visitor.answer.session_cookie(), None, "no cookie came");
}

#[tokio::test]
async fn on_a_panic_nothing_is_sent() {
    use tower_http::catch_panic::CatchPanicLayer;
    let visitor = signed_in().await;
    let service = visitor.layer.layer(service_fn(|_: Request<()>| async {
        sign_out(&Session::current().expect("below the layer")).expect("a restart");
        assert!(Session::current().is_err(), "the handler has a defect");
        Ok::<_, Infallible>(Response::new(String::new()))
    }));
    let service = CatchPanicLayer::new().layer(service);
    let response = service.oneshot(visitor.request()).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!response.headers().contains_key("set-cookie"));
    assert!(visitor.layer.requests().is_empty());
    // A store's own task ends it.
    tokio::task::yield_now().await;
    assert_eq!(
        uid(&visitor).await,
        None,
        "the visitor asked to be signed out"
    );
}

#[tokio::test]
async fn a_restart_can_be_followed_by_a_renewal() {
    let mut visitor = signed_in().await;
    let before = visitor.record().id();
    visitor
        .visit(|session| {
            sign_out(session)?;
            let restarted = session.id()?;
            session.renew()?;
            assert_ne!(session.id()?, restarted);
            assert!(session.is_new()?);
            Ok(())
        })
        .await;
    assert!(visitor.answer.saves());
    assert_ne!(visitor.record().id(), before);
    assert_eq!(visitor.record().keys(), ["notice"]);
}

#[tokio::test]
async fn of_several_ends_the_last_one_counts() {
    let mut visitor = signed_in().await;
    visitor
        .visit(|session| {
            sign_out(session)?;
            session.destroy()?;
            assert!(matches!(session.put("a", 1), Err(Error::Destroyed)));
            Ok(())
        })
        .await;
    assert!(visitor.answer.removes());

    let mut visitor = signed_in().await;
    visitor
        .visit(|session| {
            session.renew()?;
            session.restart()?;
            session.restart()?;
            session.destroy()?;
            session.restart()?;
            session.put("a", 1)
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"a":1}"#);
}

#[tokio::test]
async fn the_error_after_destroy_names_it() {
    let mut visitor = signed_in().await;
    let error = visitor
        .visit(|session| {
            session.destroy()?;
            Ok(session.put("notice", "bye").expect_err("destroyed"))
        })
        .await;
    assert!(error.to_string().contains("restart"), "{error}");
}

/// One that restarts is sent also where another request ended the session meanwhile.
#[tokio::test]
async fn two_clicks_on_sign_out_are_two_goodbyes() {
    let visitor = signed_in().await;
    let one = visitor.begin(touch, sign_out).await;
    let two = visitor.begin(sign_out, touch).await;
    for mut visitor in [one.finish().await, two.finish().await] {
        assert!(visitor.answer.saves());
        let shown = visitor.visit(|session| session.get(NOTICE)).await;
        assert!(shown.is_some());
        assert_eq!(uid(&visitor).await, None);
    }
}
