//! A slow request must not bring back what was signed out or renewed meanwhile, and nobody is locked out by it.

use http::StatusCode;
use session_runtime::{Result, Session, SessionId};

use crate::support::{Events, MAX_AGE, Visitor};

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

fn touch(session: &Session) -> Result<()> {
    session.keys().map(drop)
}

/// Not even a look at the record.
fn nothing(_: &Session) -> Result<()> {
    Session::current()?;
    Ok(())
}

fn put(session: &Session) -> Result<()> {
    session.put("late", 1)
}

fn new_id(before: &Visitor, after: &Visitor) -> Option<SessionId> {
    let id = after.record().id();
    (id != before.record().id()).then_some(id)
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
    assert_eq!(slow.answer.session_cookie(), None);
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
        assert_eq!(slow.answer.session_cookie(), None);
        assert_eq!(events.take().len(), 1);
    }
}

#[tokio::test]
async fn one_that_looks_after_the_sign_out_sees_a_new_session() {
    let mut visitor = signed_in().await;
    let before = visitor.clone();
    let slow = visitor.begin(nothing, |session| {
        assert!(session.is_new()?);
        assert!(!session.contains("uid")?);
        put(session)
    });
    let slow = slow.await;
    visitor.visit(Session::destroy).await;
    let slow = slow.finish().await;
    assert!(new_id(&before, &slow).is_some());
    assert_eq!(slow.payload(), r#"{"late":1}"#);
}

#[tokio::test]
async fn one_that_changes_nothing_is_not_spoken_of() {
    let mut visitor = signed_in().await;
    let events = Events::capture();
    let slow = visitor.begin(touch, touch).await;
    visitor.visit(Session::destroy).await;
    let slow = slow.finish().await;
    assert_eq!(slow.answer.session_cookie(), None);
    assert_eq!(events.take(), [""; 0]);
}

#[tokio::test]
async fn a_roll_is_superseded_too() {
    let mut visitor = signed_in().await;
    visitor.clock.advance(MAX_AGE / 2);
    let slow = visitor.begin(touch, nothing).await;
    visitor.visit(Session::destroy).await;
    assert_eq!(slow.finish().await.answer.session_cookie(), None);
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
async fn for_a_minute_a_signed_out_cookie_is_refused() {
    for (later, refused) in [(0, true), (59, true), (60, false)] {
        let mut visitor = signed_in().await;
        let mut thief = visitor.clone();
        visitor.visit(Session::destroy).await;
        visitor.clock.advance(later);
        let events = Events::capture();
        let uid = thief.visit(|session| session.get::<i64>("uid")).await;
        assert_eq!(uid.is_none(), refused, "{later} s later");
        assert_eq!(events.take().len(), usize::from(refused));
        if refused {
            let before = thief.clone();
            thief.visit(put).await;
            assert!(new_id(&before, &thief).is_some());
        }
    }
}

#[tokio::test]
async fn for_a_minute_a_slow_request_is_superseded() {
    for (later, saves) in [(59, false), (60, true)] {
        let mut visitor = signed_in().await;
        let slow = visitor.begin(touch, put).await;
        visitor.visit(Session::renew).await;
        visitor.clock.advance(later);
        assert_eq!(slow.finish().await.answer.saves(), saves, "{later} s");
    }
}

#[tokio::test]
async fn a_client_that_lost_the_answer_to_a_renewal_goes_on() {
    let mut visitor = signed_in().await;
    let mut renewed = visitor.clone();
    renewed.visit(Session::renew).await;
    assert_eq!(visitor.visit(|session| session.get("uid")).await, Some(7));
    visitor.visit(put).await;
    assert!(visitor.answer.saves());
    visitor.visit(Session::renew).await;
    assert!(visitor.answer.saves());
    assert!(new_id(&renewed, &visitor).is_some());
}

#[tokio::test]
async fn two_clicks_on_sign_in_sign_in() {
    fn sign_in(session: &Session) -> Result<()> {
        session.renew()?;
        session.put("uid", 8)
    }
    for begin_with_renew in [true, false] {
        let visitor = signed_in().await;
        let (first, last): (fn(&Session) -> Result<()>, _) = if begin_with_renew {
            (sign_in, nothing as fn(&Session) -> Result<()>)
        } else {
            (touch, sign_in as fn(&Session) -> Result<()>)
        };
        let one = visitor.begin(first, last).await;
        let two = visitor.begin(first, last).await;
        let mut one = one.finish().await;
        let mut two = two.finish().await;
        assert!(new_id(&one, &two).is_some());
        for visitor in [&mut one, &mut two] {
            assert!(visitor.answer.saves());
            assert_eq!(visitor.visit(|session| session.get("uid")).await, Some(8));
        }
    }
}

#[tokio::test]
async fn a_sign_out_after_a_renewal_in_flight_is_sent() {
    let mut visitor = signed_in().await;
    let slow = visitor.begin(touch, Session::destroy).await;
    visitor.visit(Session::renew).await;
    assert!(slow.finish().await.answer.removes());
}

#[tokio::test]
async fn a_renewal_that_was_never_answered_supersedes_nobody() {
    let visitor = signed_in().await;

    let slow = visitor.begin(touch, put).await;
    let renewal = visitor.begin(Session::renew, nothing).await;
    renewal.cancel().await;
    assert!(slow.finish().await.answer.saves(), "cancelled");

    let slow = visitor.begin(touch, put).await;
    let mut failed = visitor.clone();
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    failed.answered(status, Session::renew).await;
    assert!(slow.finish().await.answer.saves(), "failed");
}

#[tokio::test]
async fn a_sign_out_that_was_never_answered_still_counts() {
    let visitor = signed_in().await;
    let slow = visitor.begin(touch, put).await;
    let sign_out = visitor.begin(Session::destroy, nothing).await;
    sign_out.cancel().await;
    assert_eq!(slow.finish().await.answer.session_cookie(), None);
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
