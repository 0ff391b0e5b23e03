//! Ends of a session at the exact second, besides those in `http/times.rs`. Most cookies here live 1,000 s and sessions 2,500 s.

use std::time::Duration;

use http::header::SET_COOKIE;
use session_runtime::{CookieStore, CookieStoreConfig, SameSite, Session, SessionLayer};

use super::support::{ABSOLUTE, MAX_AGE, START, Visitor, config, time};

async fn signed_in(config: CookieStoreConfig) -> Visitor {
    let mut visitor = Visitor::of(config);
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor
}

pub(super) async fn lives(visitor: &Visitor, second: u64) -> bool {
    visitor.clock.set(second);
    let mut copy = visitor.clone();
    copy.visit(|session| Ok(!session.is_new()?)).await
}

/// Alive in the second before, and not in this one.
async fn assert_ends_at(visitor: &Visitor, second: u64) {
    assert!(lives(visitor, second - 1).await, "over before {second}");
    assert!(!lives(visitor, second).await, "still alive at {second}");
    visitor.clock.set(second - 1);
    let record = visitor.record();
    assert_eq!(record.expires_at(), time(second));
}

fn max_age(visitor: &Visitor) -> Option<u64> {
    let cookie = visitor.answer.session_cookie().expect("a cookie");
    let (_, seconds) = cookie.split_once("; Max-Age=")?;
    Some(seconds.parse().expect("the last attribute"))
}

/// A visit that only reads.
async fn read(visitor: &mut Visitor, second: u64) {
    visitor.clock.set(second);
    let uid: Option<i64> = visitor.visit(|session| session.get("uid")).await;
    assert_eq!(uid, Some(7), "at {second}");
}

pub(super) fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

#[tokio::test]
async fn half_of_an_odd_lifetime_is_rounded_up() {
    for (age, again) in [(500, false), (501, true)] {
        let mut visitor = signed_in(config().with_max_age(seconds(1_001))).await;
        read(&mut visitor, START + age).await;
        assert_eq!(visitor.answer.saves(), again, "at the age of {age} s");
    }
}

#[tokio::test]
async fn a_visit_that_does_not_touch_the_session_prolongs_nothing() {
    let mut visitor = signed_in(config()).await;
    visitor.clock.set(START + 900);
    visitor.visit(|_| Ok(())).await;
    assert!(visitor.answer.headers.is_empty());
    assert_ends_at(&visitor, START + MAX_AGE).await;
}

#[tokio::test]
async fn visits_prolong_a_session_up_to_its_absolute_end() {
    let mut visitor = signed_in(config()).await;
    for (at, left) in [(900, 1_000), (1_800, 700), (2_150, 350), (2_400, 100)] {
        read(&mut visitor, START + at).await;
        assert_eq!(max_age(&visitor), Some(left), "at {at}");
        assert_ends_at(&visitor, START + (at + left).min(ABSOLUTE)).await;
    }
    assert_ends_at(&visitor, START + ABSOLUTE).await;
}

#[tokio::test]
async fn a_write_in_the_last_second_prolongs_nothing() {
    let mut visitor = signed_in(config()).await;
    for at in [900, 1_800, ABSOLUTE - 1] {
        visitor.clock.set(START + at);
        visitor.visit(|session| session.put("at", at)).await;
    }
    assert_eq!(max_age(&visitor), Some(1));
    assert_ends_at(&visitor, START + ABSOLUTE).await;
}

#[tokio::test]
async fn a_session_that_ends_while_its_page_is_made_stays_over() {
    let mut visitor = signed_in(config()).await;
    for at in [900, 1_800] {
        read(&mut visitor, START + at).await;
    }
    visitor.clock.set(START + ABSOLUTE - 1);
    let put = |session: &Session| session.put("cart", 1);
    let slow = visitor.begin(put, put).await;
    visitor.clock.set(START + ABSOLUTE);
    let late = slow.finish().await;
    assert!(!lives(&late, START + ABSOLUTE).await);
}

#[tokio::test]
async fn renew_begins_the_absolute_time_anew() {
    let mut visitor = signed_in(config()).await;
    for at in [900, 1_800] {
        read(&mut visitor, START + at).await;
    }
    let before = visitor.record();
    visitor.clock.set(START + 2_400);
    visitor.visit(Session::renew).await;
    let after = visitor.record();
    assert_ne!(after.id(), before.id());
    assert_eq!(after.born(), time(START + 2_400));
    assert_eq!(max_age(&visitor), Some(MAX_AGE));
    for at in [3_300, 4_200] {
        read(&mut visitor, START + at).await;
    }
    assert_ends_at(&visitor, START + 2_400 + ABSOLUTE).await;
}

/// Another configuration of the same cookie.
fn deploy(visitor: &mut Visitor, config: CookieStoreConfig) {
    let layer = SessionLayer::new(config.clone()).expect("a good configuration");
    let codec = CookieStore::new(config).expect("a good configuration");
    visitor.deploy(layer);
    visitor.codec = codec.with_clock(visitor.clock.reader());
}

#[tokio::test]
async fn a_shorter_max_age_holds_for_cookies_that_are_out_and_a_longer_one_does_not() {
    let mut visitor = signed_in(config()).await;
    deploy(&mut visitor, config().with_max_age(seconds(300)));
    assert_ends_at(&visitor, START + 300).await;
    deploy(&mut visitor, config().with_max_age(seconds(2_000)));
    assert_ends_at(&visitor, START + MAX_AGE).await;
    deploy(&mut visitor, config().with_absolute_max_age(seconds(200)));
    assert_ends_at(&visitor, START + 200).await;
}

#[tokio::test]
async fn max_age_zero_is_a_cookie_until_the_browser_closes_and_a_day_at_most() {
    let config = config()
        .with_max_age(Duration::ZERO)
        .with_absolute_max_age(None);
    let mut visitor = signed_in(config).await;
    assert_eq!(max_age(&visitor), None);
    let cookie = visitor.answer.session_cookie().expect("a cookie");
    assert!(!cookie.contains("Expires"), "{cookie}");
    read(&mut visitor, START + 43_199).await;
    assert_eq!(visitor.answer.session_cookie(), None);
    assert_ends_at(&visitor, START + 86_400).await;
    read(&mut visitor, START + 43_200).await;
    assert_eq!(max_age(&visitor), None);
    assert_ends_at(&visitor, START + 43_200 + 86_400).await;
}

#[tokio::test]
async fn the_longest_lifetime_is_four_hundred_days() {
    const DAYS: u64 = 400 * 86_400;
    let long = config().with_absolute_max_age(None);
    let visitor = signed_in(long.clone().with_max_age(seconds(DAYS))).await;
    assert_eq!(max_age(&visitor), Some(DAYS));
    assert_ends_at(&visitor, START + DAYS).await;
    let error = SessionLayer::new(long.with_max_age(seconds(DAYS + 1))).expect_err("too long");
    assert!(error.to_string().contains("400 days"), "{error}");
}

/// The removal is the cookie itself, empty and in the past: else a browser keeps the one that it has.
#[tokio::test]
async fn the_removal_has_the_attributes_of_the_cookie() {
    let all = [
        config(),
        config().with_domain("example.org").with_path("/app"),
        config()
            .with_same_site(SameSite::None)
            .with_partitioned(true),
        config().with_secure(false).with_http_only(false),
        config().with_same_site(SameSite::Strict),
        config().with_max_age(Duration::ZERO),
        config().with_encrypted(true),
    ];
    for config in all {
        let mut visitor = signed_in(config).await;
        let kept = |cookie: &str| -> Vec<String> {
            let attributes = cookie.split("; ").skip(1);
            let times = |attribute: &&str| {
                attribute.starts_with("Max-Age=") || attribute.starts_with("Expires=")
            };
            let mut kept: Vec<String> = attributes
                .filter(|attribute| !times(attribute))
                .map(ToOwned::to_owned)
                .collect();
            kept.sort_unstable();
            kept
        };
        let set = kept(visitor.answer.session_cookie().expect("a cookie"));
        visitor.visit(Session::destroy).await;
        let removal = visitor.answer.session_cookie().expect("a cookie");
        assert_eq!(kept(removal), set);
        assert!(removal.starts_with("session=; "), "{removal}");
        assert!(removal.ends_with("; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
        assert!(visitor.answer.headers[SET_COOKIE].is_sensitive());
    }
}
