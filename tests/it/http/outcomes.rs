//! What became of a session is one event for each response whose session was touched, in one word of a closed set.

use http::StatusCode;
use session_runtime::{CookieStore, Result, Session, SessionLayer};

use super::support::{Events, KEY, MAX_AGE, Visitor, config};

const OTHER_KEY: &str = "7bZpTsbHzFF6BTyV2cAgcWrjrMYGmvRkzxPZyq0UXcU=";

async fn signed_in() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

fn touch(session: &Session) -> Result<()> {
    session.keys().map(drop)
}

fn put(session: &Session) -> Result<()> {
    session.put("n", 1)
}

type Calls = fn(&Session) -> Result<()>;

#[tokio::test]
async fn each_response_has_one_word() {
    let ok = StatusCode::OK;
    let cases: [(StatusCode, Calls, &str); 16] = [
        (ok, touch, "unchanged"),
        (ok, |session| session.put("uid", 7), "unchanged"),
        (ok, put, "changed"),
        (ok, Session::clear, "changed"),
        (ok, Session::renew, "changed"),
        (ok, |session| session.id().map(drop), "unchanged"),
        (ok, Session::destroy, "destroyed"),
        (ok, Session::restart, "restarted"),
        (StatusCode::NOT_FOUND, put, "changed"),
        (StatusCode::BAD_GATEWAY, put, "skipped_5xx"),
        (StatusCode::BAD_GATEWAY, touch, "unchanged"),
        (StatusCode::BAD_GATEWAY, Session::destroy, "destroyed"),
        (StatusCode::BAD_GATEWAY, Session::restart, "destroyed"),
        (StatusCode::REQUEST_TIMEOUT, put, "skipped_408"),
        (StatusCode::REQUEST_TIMEOUT, touch, "unchanged"),
        (StatusCode::REQUEST_TIMEOUT, Session::destroy, "destroyed"),
    ];
    for (number, (status, calls, word)) in cases.into_iter().enumerate() {
        let mut visitor = signed_in().await;
        let before = visitor.layer.counts();
        let events = Events::capture();
        visitor.answered(status, calls).await;
        assert_eq!(events.outcomes(), [word], "{number}");
        // And it is counted under that word.
        let after = visitor.layer.counts();
        let counted = before.outcomes().zip(after.outcomes());
        for ((other, before), (_, after)) in counted {
            assert_eq!(after - before, u64::from(other == word), "{number} {other}");
        }
    }
}

/// The cookie with one character of its MAC changed.
fn forged(cookie: &str) -> String {
    let (before, after) = cookie.split_at(cookie.len() - 10);
    let other = if after.starts_with('A') { 'B' } else { 'A' };
    format!("{before}{other}{}", &after[1..])
}

#[tokio::test]
async fn cookies_that_were_not_used_are_counted_by_reason() {
    let visitor = signed_in().await;
    let good = visitor.cookie.clone().expect("a cookie");
    let cases = [
        ("session=unreadable".to_owned(), "malformed"),
        (forged(&good), "bad_mac"),
    ];
    for (cookie, reason) in cases {
        let mut other = visitor.clone();
        other.cookie = Some(cookie.clone());
        let before = other.layer.counts();
        other.visit(touch).await;
        let after = other.layer.counts();
        let counted: Vec<&str> = before
            .refused()
            .zip(after.refused())
            .filter(|((_, before), (_, after))| before < after)
            .map(|((word, _), _)| word)
            .collect();
        assert_eq!(counted, [reason], "{cookie}");
    }
}

#[tokio::test]
async fn a_session_that_begins_is_new_once_it_is_saved() {
    let events = Events::capture();
    let mut visitor = Visitor::new();
    visitor.visit(touch).await;
    assert_eq!(events.outcomes(), ["unchanged"]);
    visitor.visit(put).await;
    assert_eq!(events.outcomes(), ["new"]);
    visitor.cookie = Some("session=unreadable".to_owned());
    visitor.visit(put).await;
    assert_eq!(events.outcomes(), ["new"]);
}

#[tokio::test]
async fn a_session_that_is_issued_again_says_why() {
    let mut visitor = signed_in().await;
    visitor.clock.advance(MAX_AGE / 2);
    let events = Events::capture();
    visitor.visit(touch).await;
    assert_eq!(events.outcomes(), ["refreshed"]);

    let mut visitor = signed_in().await;
    let store = CookieStore::new(config()).expect("a good configuration");
    let keys = format!("{OTHER_KEY},{KEY}");
    store.keyring().replace(keys.as_str()).expect("good keys");
    let layer = SessionLayer::new(store).expect("a good configuration");
    visitor.deploy(layer);
    let events = Events::capture();
    visitor.visit(touch).await;
    assert_eq!(events.outcomes(), ["rekeyed"]);
}

#[tokio::test]
async fn one_whose_session_ended_meanwhile_is_superseded() {
    let mut visitor = signed_in().await;
    let slow = visitor.begin(touch, put).await;
    let unchanged = visitor.begin(touch, touch).await;
    visitor.visit(Session::destroy).await;
    let events = Events::capture();
    slow.finish().await;
    assert_eq!(events.outcomes(), ["superseded"]);
    unchanged.finish().await;
    assert_eq!(events.outcomes(), ["unchanged"]);
}

#[tokio::test]
async fn a_request_that_leaves_the_session_alone_has_none() {
    let mut visitor = signed_in().await;
    let events = Events::capture();
    visitor.visit(|_| Ok(())).await;
    let bad_gateway = StatusCode::BAD_GATEWAY;
    visitor.answered(bad_gateway, |_| Ok(())).await;
    assert_eq!(events.outcomes(), [""; 0]);
    assert_eq!(events.take(), [""; 0]);
}

#[tokio::test]
async fn one_that_was_dropped_has_none() {
    let visitor = signed_in().await;
    let slow = visitor.begin(put, touch).await;
    let events = Events::capture();
    slow.cancel().await;
    assert_eq!(events.outcomes(), [""; 0]);
    assert!(visitor.layer.requests().is_empty());
}

/// What is lost is told at INFO, all else at DEBUG, and each with the cookie's name.
#[tokio::test]
async fn what_is_lost_is_louder() {
    let mut visitor = signed_in().await;
    let events = Events::capture();
    visitor.answered(StatusCode::BAD_GATEWAY, put).await;
    let lost = events.take();
    assert_eq!(lost.len(), 1);
    assert!(
        lost[0].starts_with("INFO") && lost[0].contains("session"),
        "{lost:?}"
    );
}
