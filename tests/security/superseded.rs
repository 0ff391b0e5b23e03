//! A slow request does not bring back a session that was signed out, nor undo a renewal.

use http::StatusCode;
use session_runtime::{Record, Session, SessionId};

use crate::flight::Flight;
use crate::support::{START, Visitor, config};

/// How long ids are remembered.
const MINUTE: u64 = 60;
/// How many are.
const IDS: usize = 10_000;

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::of(config());
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

async fn uid(visitor: &mut Visitor) -> Option<i64> {
    visitor.visit(|session| session.get("uid")).await
}

async fn sign_out(visitor: &mut Visitor) {
    visitor.visit(Session::destroy).await;
    assert!(visitor.answer.removes());
}

async fn renew(visitor: &mut Visitor) {
    visitor.visit(Session::renew).await;
    assert!(visitor.answer.saves());
}

#[tokio::test]
async fn a_slow_request_saves_nothing_after_a_sign_out() {
    let mut visitor = signed_in().await;
    let slow = Flight::start(&visitor).await;
    slow.session.put("cart", 1).expect("the request is open");
    sign_out(&mut visitor).await;
    slow.session.put("cart", 2).expect("the request is open");
    let answer = slow.land().await;
    assert_eq!(answer.session_cookie(), None);
    assert_eq!(answer.all("vary"), ["Cookie"]);
}

#[tokio::test]
async fn nor_does_one_that_first_looks_at_its_session_after_the_sign_out() {
    let visitor = signed_in().await;
    let slow = Flight::start(&visitor).await;
    sign_out(&mut visitor.clone()).await;
    let seen = slow.session.get::<i64>("uid").expect("open");
    assert_eq!(seen, None, "its cookie is revoked");
    assert_eq!(slow.land().await.session_cookie(), None);
}

#[tokio::test]
async fn nor_a_page_that_only_reads_and_would_be_issued_again() {
    let visitor = signed_in().await;
    visitor.clock.advance(600); // past half of its lifetime
    let slow = Flight::start(&visitor).await;
    let seen = slow.session.get::<i64>("uid").expect("open");
    assert_eq!(seen, Some(7));
    sign_out(&mut visitor.clone()).await;
    assert_eq!(slow.land().await.session_cookie(), None);
}

#[tokio::test]
async fn the_signed_out_cookie_is_refused_for_a_minute() {
    let visitor = signed_in().await;
    let thief = visitor.clone();
    sign_out(&mut visitor.clone()).await;
    for (after, seen) in [(0, None), (MINUTE - 1, None), (MINUTE, Some(7))] {
        visitor.clock.set(START + after);
        assert_eq!(uid(&mut thief.clone()).await, seen, "{after} s after");
    }
}

#[tokio::test]
async fn a_slow_request_saves_nothing_after_a_renewal_but_its_cookie_is_still_served() {
    let visitor = signed_in().await;
    let slow = Flight::start(&visitor).await;
    slow.session.put("cart", 1).expect("the request is open");
    let mut renewed = visitor.clone();
    renew(&mut renewed).await;
    assert_eq!(slow.land().await.session_cookie(), None);

    let mut lost_the_answer = visitor;
    assert_eq!(uid(&mut lost_the_answer).await, Some(7));
    lost_the_answer
        .visit(|session| session.put("cart", 2))
        .await;
    assert!(lost_the_answer.answer.saves(), "it came after the renewal");
    assert_eq!(uid(&mut renewed).await, Some(7));
    assert_ne!(renewed.record().id(), lost_the_answer.record().id());
}

#[tokio::test]
async fn two_clicks_on_sign_in_sign_in_twice() {
    let visitor = signed_in().await;
    let (one, two) = (Flight::start(&visitor).await, Flight::start(&visitor).await);
    for (flight, uid) in [(&one, 1), (&two, 2)] {
        flight.session.renew().expect("the request is open");
        flight.session.put("uid", uid).expect("the request is open");
    }
    for (flight, expected) in [(two, 2), (one, 1)] {
        let mut browser = visitor.clone();
        browser.note(flight.land().await.headers);
        assert_eq!(uid(&mut browser).await, Some(expected));
    }
}

#[tokio::test]
async fn a_sign_out_is_sent_also_after_a_renewal_and_a_renewal_after_a_sign_out() {
    let visitor = signed_in().await;
    let (one, two) = (Flight::start(&visitor).await, Flight::start(&visitor).await);
    one.session.renew().expect("the request is open");
    two.session.destroy().expect("the request is open");
    assert!(two.land().await.removes());
    assert!(one.land().await.saves());
}

#[tokio::test]
async fn a_renewal_that_never_went_out_supersedes_nobody() {
    for fault in ["500", "panic", "client gone"] {
        let visitor = signed_in().await;
        let slow = Flight::start(&visitor).await;
        slow.session.put("cart", 1).expect("the request is open");
        let failing = Flight::start(&visitor).await;
        failing.session.renew().expect("the request is open");
        match fault {
            "500" => {
                let answer = failing.answer(StatusCode::INTERNAL_SERVER_ERROR).await;
                assert_eq!(answer.session_cookie(), None);
            }
            "panic" => failing.panic().await,
            _ => failing.abort().await,
        }
        assert!(slow.land().await.saves(), "{fault}");
        assert!(visitor.layer.store().is_empty(), "{fault}");
    }
}

#[tokio::test]
async fn the_rule_ends_after_a_minute() {
    for (after, saves) in [(MINUTE - 1, false), (MINUTE, true)] {
        let visitor = signed_in().await;
        let slow = Flight::start(&visitor).await;
        slow.session.put("cart", 1).expect("the request is open");
        sign_out(&mut visitor.clone()).await;
        visitor.clock.advance(after);
        assert_eq!(slow.land().await.saves(), saves, "{after} s after");
    }
}

/// Cookies of sessions that nobody signed in to: they are made faster than by requests.
fn cookies(visitor: &Visitor, count: usize) -> Vec<Visitor> {
    let make = |_| {
        let mut record: Record = visitor.codec.new_record().expect("random bytes");
        record.put("uid", 7).expect("encodes");
        let cookie = visitor.codec.seal(&record).expect("fits");
        let pair = cookie.to_str().expect("ASCII").split("; ").next();
        let mut other = visitor.clone();
        other.cookie = pair.map(ToOwned::to_owned);
        other
    };
    (0..count).map(make).collect()
}

#[tokio::test]
async fn ten_thousand_sign_outs_in_a_minute_are_remembered_and_no_more() {
    let visitor = signed_in().await;
    let slow = Flight::start(&visitor).await;
    slow.session.put("cart", 1).expect("the request is open");
    let late = Flight::start(&visitor).await;
    late.session.put("cart", 1).expect("the request is open");

    sign_out(&mut visitor.clone()).await;
    let mut others = cookies(&visitor, IDS);
    let last = others.pop().expect("one of many");
    let mut ids: Vec<SessionId> = Vec::new();
    for other in &others {
        let mut other = other.clone();
        ids.push(other.record().id());
        sign_out(&mut other).await;
    }
    assert_eq!(ids.len() + 1, IDS);
    assert_eq!(
        slow.land().await.session_cookie(),
        None,
        "the oldest of 10,000"
    );
    assert_eq!(uid(&mut visitor.clone()).await, None);
    for other in &others {
        assert_eq!(uid(&mut other.clone()).await, None);
    }

    sign_out(&mut last.clone()).await;
    assert!(
        late.land().await.saves(),
        "one more, and the oldest is gone"
    );
    assert_eq!(uid(&mut visitor.clone()).await, Some(7));
    assert_eq!(uid(&mut last.clone()).await, None);
    assert_eq!(uid(&mut others[0].clone()).await, None);
    assert!(visitor.layer.store().is_empty());
}
