//! A slow request must not bring back what was signed out or renewed meanwhile, and nobody is locked out by it.

use session_runtime::{Result, Session};

use super::support::{Events, MAX_AGE, Visitor};

pub(super) async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

pub(super) fn touch(session: &Session) -> Result<()> {
    session.keys().map(drop)
}

/// Not even a look at the record.
pub(super) fn nothing(_: &Session) -> Result<()> {
    Session::current()?;
    Ok(())
}

pub(super) fn put(session: &Session) -> Result<()> {
    session.put("late", 1)
}

#[tokio::test]
async fn a_request_in_flight_at_a_sign_out_saves_nothing() {
    let mut visitor = signed_in().await;
    let events = Events::capture();
    let slow = visitor.begin(touch, put).await;
    visitor.visit(Session::destroy).await;
    assert!(visitor.answer.removes());
    assert_eq!(events.take(), [""; 0]);

    let slow = slow.finish().await;
    assert!(slow.answer.is_silent());
    let events = events.take();
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0].contains("superseded"), "{events:?}");
}

#[tokio::test]
async fn a_request_in_flight_at_a_renewal_saves_nothing() {
    // Also one that had not looked at its session by then.
    for first in [touch, nothing] {
        let mut visitor = signed_in().await;
        let events = Events::capture();
        let slow = visitor.begin(first, put).await;
        visitor.visit(Session::renew).await;
        let slow = slow.finish().await;
        assert!(slow.answer.is_silent());
        assert_eq!(events.take().len(), 1);
    }
}

#[tokio::test]
async fn one_that_changes_nothing_is_not_spoken_of() {
    let mut visitor = signed_in().await;
    let events = Events::capture();
    let slow = visitor.begin(touch, touch).await;
    visitor.visit(Session::destroy).await;
    let slow = slow.finish().await;
    assert!(slow.answer.is_silent());
    assert_eq!(events.take(), [""; 0]);
}

#[tokio::test]
async fn a_roll_is_superseded_too() {
    let mut visitor = signed_in().await;
    visitor.clock.advance(MAX_AGE / 2);
    let slow = visitor.begin(touch, nothing).await;
    visitor.visit(Session::destroy).await;
    assert!(slow.finish().await.answer.is_silent());
}

#[tokio::test]
async fn other_sessions_are_not_concerned() {
    let mut visitor = signed_in().await;
    let mut other = Visitor {
        cookie: None,
        ..visitor.clone()
    };
    other.visit(put).await;
    let theirs = other.begin(touch, |session| session.put("mine", 2)).await;
    visitor.visit(Session::destroy).await;
    assert!(theirs.finish().await.answer.saves());
}

#[tokio::test]
async fn a_sign_out_after_a_renewal_in_flight_is_sent() {
    let mut visitor = signed_in().await;
    let slow = visitor.begin(touch, Session::destroy).await;
    visitor.visit(Session::renew).await;
    assert!(slow.finish().await.answer.removes());
}

#[tokio::test]
async fn a_sign_out_that_was_never_answered_still_counts() {
    let visitor = signed_in().await;
    let slow = visitor.begin(touch, put).await;
    let sign_out = visitor.begin(Session::destroy, nothing).await;
    sign_out.cancel().await;
    assert!(slow.finish().await.answer.is_silent());
    let mut later = visitor.clone();
    let uid = later.visit(|session| session.get::<i64>("uid")).await;
    assert_eq!(uid, None, "the visitor was told so, or left");
}

#[tokio::test]
async fn a_session_that_began_with_the_request_can_be_renewed_and_destroyed() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("uid", 7)?;
            session.renew()
        })
        .await;
    assert_eq!(visitor.visit(|session| session.get("uid")).await, Some(7));
    visitor
        .visit(|session| {
            session.renew()?;
            session.renew()?;
            session.destroy()
        })
        .await;
    assert!(visitor.answer.removes());
}
