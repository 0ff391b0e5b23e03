//! What a layer without a store knows of sign-outs and renewals: its own of the last minute, by the time at which a
//! request looks.

use http::StatusCode;
use session_runtime::{Result, Session, SessionId};

use super::supersede::{nothing, put, signed_in, touch};
use super::support::{Events, Visitor};

fn new_id(before: &Visitor, after: &Visitor) -> Option<SessionId> {
    let id = after.record().id();
    (id != before.record().id()).then_some(id)
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
