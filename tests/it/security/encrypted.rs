//! Encrypted cookies: unreadable, never confused with signed ones, and an explicit way from one to the other.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use session_runtime::{CookieStore, CookieStoreConfig, Session, SessionLayer};

use super::support::{START, Visitor, config, time};

fn encrypted() -> CookieStoreConfig {
    config().with_encrypted(true)
}

/// The visitor of a server that was deployed anew.
fn deploy(visitor: &mut Visitor, config: CookieStoreConfig) {
    let layer = SessionLayer::new(config.clone()).expect("a good configuration");
    let codec = CookieStore::new(config).expect("a good configuration");
    visitor.layer = layer.with_clock(visitor.clock.reader());
    visitor.codec = codec.with_clock(visitor.clock.reader());
}

async fn signed_in(config: CookieStoreConfig) -> Visitor {
    let mut visitor = Visitor::of(config);
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

/// What the server knows of the visitor, in a request that only reads.
async fn uid(visitor: &mut Visitor) -> Option<i64> {
    visitor.visit(|session| session.get("uid")).await
}

fn token(visitor: &Visitor) -> Vec<u8> {
    let cookie = visitor.cookie.as_deref().expect("a cookie");
    let value = cookie.split_once('=').expect("a pair").1;
    BASE64_URL_SAFE_NO_PAD.decode(value).expect("base64url")
}

fn set_token(visitor: &mut Visitor, token: &[u8]) {
    visitor.cookie = Some(format!("session={}", BASE64_URL_SAFE_NO_PAD.encode(token)));
}

fn refusal(visitor: &Visitor) -> &'static str {
    let opened = visitor.codec.open(visitor.request().headers());
    opened.expect_err("a cookie to be refused").as_str()
}

fn holds(token: &[u8], text: &str) -> bool {
    token
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn names_and_values_can_not_be_read_from_the_cookie() {
    let calls = |session: &Session| session.put("diagnosis", "hay fever");
    let mut open = Visitor::new();
    open.visit(calls).await;
    assert!(holds(&token(&open), "diagnosis") && holds(&token(&open), "hay fever"));

    let mut visitor = Visitor::of(encrypted());
    visitor.visit(calls).await;
    let token = token(&visitor);
    assert_eq!(token[0], 2, "the mode");
    assert!(!holds(&token, "diagnosis") && !holds(&token, "hay fever"));
    let read = visitor
        .visit(|session| session.get::<String>("diagnosis"))
        .await;
    assert_eq!(read.as_deref(), Some("hay fever"));
    assert!(!visitor.answer.saves());
}

#[tokio::test]
async fn the_same_session_never_makes_the_same_cookie_twice() {
    let mut visitor = signed_in(encrypted()).await;
    let record = visitor.record();
    let seal = || visitor.codec.seal(&record).expect("fits");
    let mut cookies: Vec<_> = (0..1_000)
        .map(|_| seal().to_str().expect("ASCII").to_owned())
        .collect();
    cookies.sort_unstable();
    cookies.dedup();
    assert_eq!(cookies.len(), 1_000);
    assert_eq!(uid(&mut visitor).await, Some(7));
}

#[tokio::test]
async fn there_is_no_fallback_from_encrypted_to_signed() {
    let mut visitor = signed_in(config()).await;
    deploy(&mut visitor, encrypted());
    assert_eq!(refusal(&visitor), "version");
    assert_eq!(uid(&mut visitor).await, None);
    assert!(!visitor.answer.saves());
    visitor.visit(|session| session.put("theme", "dark")).await;
    assert_eq!(token(&visitor)[0], 2, "the new session's cookie");
    assert_eq!(uid(&mut visitor).await, None);
}

#[tokio::test]
async fn there_is_no_fallback_from_signed_to_encrypted() {
    let mut visitor = signed_in(encrypted()).await;
    deploy(&mut visitor, config());
    assert_eq!(refusal(&visitor), "version");
    assert_eq!(uid(&mut visitor).await, None);
}

#[test]
fn a_time_for_signed_cookies_without_encrypted_ones_starts_no_server() {
    let config = config().accept_signed_until(time(START + 100));
    let errors = [
        CookieStore::new(config.clone()).map(drop),
        SessionLayer::new(config.clone()).map(drop),
    ];
    for error in errors {
        let error = error.expect_err("nothing would end it").to_string();
        for part in ["accept_signed_until", "turn `encrypted` on", "leave"] {
            assert!(error.contains(part), "{part:?} in {error:?}");
        }
    }
    assert!(SessionLayer::new(config.with_encrypted(true)).is_ok());
}

#[tokio::test]
async fn signed_cookies_are_read_up_to_the_second_that_was_said() {
    let mut visitor = signed_in(config()).await;
    deploy(
        &mut visitor,
        encrypted().accept_signed_until(time(START + 100)),
    );
    let late = visitor.clone();

    visitor.clock.set(START + 99);
    let before = visitor.record();
    assert_eq!(uid(&mut visitor).await, Some(7));
    assert!(visitor.answer.saves(), "a read replaces it");
    assert_eq!(token(&visitor)[0], 2);
    let after = visitor.record();
    assert_eq!((after.id(), after.born()), (before.id(), before.born()));
    assert_eq!(after.get::<i64>("uid").expect("a number"), Some(7));

    visitor.clock.set(START + 100);
    assert_eq!(uid(&mut visitor).await, Some(7), "it is encrypted now");
    assert!(!visitor.answer.saves());
    let mut late = late;
    assert_eq!(refusal(&late), "version");
    assert_eq!(uid(&mut late).await, None, "it came too late");
}

#[tokio::test]
async fn a_signed_cookie_that_is_not_used_is_not_replaced() {
    let mut visitor = signed_in(config()).await;
    deploy(
        &mut visitor,
        encrypted().accept_signed_until(time(START + 100)),
    );
    visitor.visit(|_| Ok(())).await;
    assert!(visitor.answer.headers.is_empty());
    assert_eq!(token(&visitor)[0], 1);
}

#[tokio::test]
async fn the_time_for_signed_cookies_is_no_time_for_forged_ones() {
    let window = encrypted().accept_signed_until(time(START + 100));
    let mut visitor = signed_in(config()).await;
    deploy(&mut visitor, window.clone());
    let signed = token(&visitor);
    for at in 0..signed.len() {
        let mut forged = signed.clone();
        forged[at] ^= 1;
        set_token(&mut visitor, &forged);
        assert_eq!(uid(&mut visitor).await, None, "byte {at}");
    }

    let mut visitor = signed_in(window).await;
    let mut encrypted = token(&visitor);
    encrypted[0] = 1;
    set_token(&mut visitor, &encrypted);
    assert_eq!(
        refusal(&visitor),
        "bad_mac",
        "an encrypted one called signed"
    );
    let mut signed = signed;
    signed[0] = 2;
    set_token(&mut visitor, &signed);
    assert_eq!(
        refusal(&visitor),
        "bad_mac",
        "a signed one called encrypted"
    );
}

#[tokio::test]
async fn one_session_can_not_be_decrypted_as_another() {
    let one = signed_in(encrypted()).await;
    let mut other = signed_in(encrypted()).await;
    let mut mixed = token(&one);
    mixed[18..34].copy_from_slice(&token(&other)[18..34]);
    set_token(&mut other, &mixed);
    assert_eq!(refusal(&other), "bad_mac");
    assert_eq!(uid(&mut other).await, None);
}

#[tokio::test]
async fn an_encrypted_cookie_of_another_name_or_context_is_foreign() {
    for other in [
        encrypted().with_context("staging"),
        encrypted().with_name("other"),
    ] {
        let visitor = signed_in(encrypted()).await;
        let mut other = Visitor::of(other);
        let cookie = visitor.cookie.clone().expect("a cookie");
        let value = cookie.split_once('=').expect("a pair").1;
        let refused = other.codec.open_value(value.as_bytes());
        assert_eq!(refused.expect_err("foreign").as_str(), "bad_mac");
        other.cookie = Some(format!("session={value}"));
        assert_eq!(uid(&mut other).await, None);
    }
}
