//! A cookie that can't be used is a new session and a word in the log, never an error for the visitor.

use http::header::{COOKIE, HeaderValue};
use http::{HeaderMap, StatusCode};
use session_runtime::{CookieStoreConfig, SecretKeys};

use super::support::{Events, MAX_AGE, Visitor, config, payload};

/// `name=value` of a good cookie under this configuration, each time of another session.
fn good_pair(config: CookieStoreConfig, value: i64) -> String {
    let codec = Visitor::of(config).codec;
    let mut record = codec.new_record().unwrap();
    record.put("a", value).unwrap();
    let cookie = codec.seal(&record).unwrap();
    let pair = cookie.to_str().unwrap().split(';').next();
    pair.unwrap().to_owned()
}

fn flip_last(pair: &str) -> String {
    let (rest, last) = pair.split_at(pair.len() - 1);
    rest.to_owned() + if last == "A" { "E" } else { "A" }
}

/// A request with this `Cookie` header is served from an empty session, with one line in the log; the next save
/// replaces the cookie.
async fn assert_fresh(cookie: &str, level: &str, reason: &str) {
    let events = Events::capture();
    let mut visitor = Visitor::new();
    visitor.cookie = Some(cookie.to_owned());
    visitor
        .visit(|session| {
            assert!(session.is_new()?, "{reason}");
            assert!(session.keys()?.is_empty());
            Ok(())
        })
        .await;
    assert_eq!(visitor.answer.session_cookie(), None, "not yet replaced");
    let events = events.take();
    assert_eq!(events.len(), 1, "{reason}: {events:?}");
    assert!(events[0].starts_with(level), "{events:?}");
    assert!(
        events[0].contains(&format!("reason={reason:?}")),
        "{events:?}"
    );
    for value in cookie.split(['=', ';']).filter(|value| value.len() > 40) {
        assert!(!events[0].contains(value), "the log shows no cookie");
    }

    visitor.visit(|session| session.put("b", 2)).await;
    assert!(visitor.answer.saves());
    assert_eq!(visitor.visit(|session| session.get("b")).await, Some(2));
}

#[tokio::test]
async fn every_bad_cookie_is_a_fresh_session() {
    // Of a length at which every bit of the last character counts.
    let good = good_pair(config(), 100);
    let other_key = config().with_key(SecretKeys::generate().unwrap());
    let encrypted = good_pair(config().with_encrypted(true), 1);
    let cases = [
        ("session=".to_owned(), "malformed"),
        ("session=hello".to_owned(), "malformed"),
        ("session=\"quoted\"".to_owned(), "malformed"),
        (format!("{good}="), "malformed"),
        (
            format!("session= {}", &good["session=".len()..]),
            "malformed",
        ),
        (good[..good.len() - 4].to_owned(), "bad_mac"),
        (flip_last(&good), "bad_mac"),
        (format!("session={}", "A".repeat(4_097)), "too_long"),
        (format!("{good}; x={}", "x".repeat(16_384)), "too_long"),
        (format!("{good}{}", ";".repeat(256)), "too_long"),
        (encrypted, "version"),
        (good_pair(other_key, 1), "unknown_key"),
        (good_pair(config().with_context("staging"), 1), "bad_mac"),
        (
            good_pair(config().with_name("other"), 1).replace("other=", "session="),
            "bad_mac",
        ),
    ];
    for (cookie, reason) in cases {
        // What only an operator can mend is said aloud.
        let level = match reason {
            "bad_mac" | "unknown_key" => "WARN",
            _ => "DEBUG",
        };
        assert_fresh(&cookie, level, reason).await;
    }
}

#[tokio::test]
async fn an_expired_cookie_is_a_fresh_session() {
    let events = Events::capture();
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    visitor.clock.advance(MAX_AGE);
    visitor.visit(|session| session.put("b", 2)).await;
    assert_eq!(visitor.payload(), r#"{"b":2}"#);
    let events = events.take();
    assert_eq!(events.len(), 1);
    assert!(events[0].contains(r#"reason="expired""#), "{events:?}");
}

#[tokio::test]
async fn no_cookie_of_our_name_is_not_worth_a_word() {
    let events = Events::capture();
    let mut visitor = Visitor::new();
    for cookie in [
        "other=1",
        "Session=1",
        "session2=1",
        "xsession=1",
        "session",
        " =; ;=",
    ] {
        visitor.cookie = Some(cookie.to_owned());
        assert!(visitor.visit(session_runtime::Session::is_new).await);
    }
    assert_eq!(events.take(), [""; 0]);
}

#[tokio::test]
async fn cookies_of_two_sessions_are_a_fresh_one_and_a_warning() {
    let (one, two) = (good_pair(config(), 1), good_pair(config(), 2));
    assert_fresh(&format!("{one}; {two}"), "WARN", "duplicate").await;
    let five = (0..5).map(|n| format!("session={n}"));
    let five = five.collect::<Vec<_>>().join("; ");
    assert_fresh(&format!("{five}; {one}"), "WARN", "duplicate").await;
}

#[tokio::test]
async fn the_warning_names_the_likely_cause() {
    let (one, two) = (good_pair(config(), 1), good_pair(config(), 2));
    let events = Events::capture();
    let mut visitor = Visitor::new();
    visitor.cookie = Some(format!("{one}; {two}"));
    assert!(visitor.visit(session_runtime::Session::is_new).await);
    let warning = events.take().concat();
    for part in ["domain", "path", "new name"] {
        assert!(warning.contains(part), "{warning}");
    }
}

#[tokio::test]
async fn among_duplicates_the_one_session_that_verifies_is_used() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("a", 1)).await;
    let old = visitor.cookie.clone().unwrap();
    visitor.clock.advance(5);
    visitor.visit(|session| session.put("a", 2)).await;
    let new = visitor.cookie.clone().unwrap();
    let bad = flip_last(&old);
    let cases = [
        (format!("{old}; {new}"), 2),
        (format!("{new}; {old}"), 2),
        (format!("{old}; {old}; {old}; {old}; {old}; {old}"), 1),
        (format!("{bad}; {old}"), 1),
        (format!("session=x; {old}; session=; {bad}"), 1),
        (format!("a=1;b=\"2; {new}\t;c=%zz; =; é=ü"), 2),
    ];
    for (cookies, value) in cases {
        visitor.cookie = Some(cookies.clone());
        let read = visitor.visit(|session| session.get("a")).await;
        assert_eq!(read, Some(value), "{cookies}");
    }
}

#[tokio::test]
async fn cookies_in_several_fields_count_together() {
    let visitor = Visitor::new();
    let pair = good_pair(config(), 3);
    let mut headers = HeaderMap::new();
    for field in ["a=1", &pair, "b=\u{e9}"] {
        headers.append(COOKIE, HeaderValue::from_bytes(field.as_bytes()).unwrap());
    }
    let record = visitor.codec.open(&headers).unwrap();
    assert_eq!(record.get("a").unwrap(), Some(3));

    let app = axum::Router::new()
        .route(
            "/",
            axum::routing::get(async |session: session_runtime::Session| {
                session.require::<i64>("a").map(|a| a.to_string())
            }),
        )
        .layer(visitor.layer.clone());
    let mut request = http::Request::new(axum::body::Body::empty());
    *request.headers_mut() = headers;
    let response = tower::ServiceExt::oneshot(app, request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_key_that_was_rotated_verifies_and_is_replaced_when_used() {
    let (old, new) = (
        "3vJk2Zp8sQ1wXy7uB5nM4tR6cV9eL0aHdFgKiOpSqWE=",
        "Yb8Nf4Wd1Zr6Hm3Kx9Qc5Tj7Vp2Ls0GaEiUoBvCnMkI=",
    );
    let mut before = Visitor::of(config().with_key(old));
    before.visit(|session| session.put("a", 1)).await;
    let mut visitor = Visitor::of(config().with_key(format!("{new}, {old}")));
    visitor.cookie = before.cookie.clone();
    assert_eq!(visitor.visit(|session| session.get("a")).await, Some(1));
    assert!(visitor.answer.saves(), "signed by the new key from now on");
    let mut after = Visitor::of(config().with_key(new));
    after.cookie = visitor.cookie.clone();
    assert_eq!(after.visit(|session| session.get("a")).await, Some(1));
    assert_eq!(payload(&after.cookie.unwrap()), r#"{"a":1}"#);
}
