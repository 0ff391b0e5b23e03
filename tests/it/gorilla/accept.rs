//! From Go's format to ours.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::header::{COOKIE, HeaderMap};
use session_runtime::testing::Visitor;
use session_runtime::{CookieStore, CookieStoreConfig, Error, Refusal, SecretKeys, SessionLayer};

use super::{KEY, NOW, at, bringing, gob, pair, shared, store, vector};

fn accepting() -> CookieStoreConfig {
    let keys = SecretKeys::from("qUdnqLKL9HcTF2DiKcWlIDlWrnz2b2BGH2m0EkMBQFw");
    CookieStoreConfig::new("test", keys).accept_gorilla(KEY, at(NOW + 1000))
}

#[tokio::test]
async fn a_go_cookie_becomes_one_of_ours_when_it_is_used() {
    let clock = Arc::new(AtomicU64::new(NOW));
    let time = Arc::clone(&clock);
    let store = CookieStore::new(accepting())
        .expect("good")
        .with_clock(move || at(time.load(Ordering::Relaxed)));
    assert_eq!(store.gorilla_opened(), 0);
    let server = SessionLayer::new(store.clone()).expect("good");
    let mut visitor = bringing(&server, &format!("test={}", vector("one string")));
    let uid = visitor
        .visit(async |session| session.get::<String>("uid"))
        .await
        .expect("text");
    assert_eq!(uid.as_deref(), Some("42"));
    let ours = pair(&visitor);
    assert!(!ours.contains(&vector("one string")));
    let record = store
        .open_value(ours.split_once('=').expect("a pair").1.as_bytes())
        .expect("ours");
    assert_eq!(
        record.get::<String>("uid").expect("text").as_deref(),
        Some("42")
    );
    assert_eq!(store.gorilla_opened(), 1, "the one that came from Go");

    let mut both = HeaderMap::new();
    both.append(
        COOKIE,
        format!("test={}; {ours}", vector("ten strings"))
            .parse()
            .expect("a header"),
    );
    assert_eq!(store.open(&both).expect("ours wins").keys(), ["uid"]);
    assert_eq!(store.gorilla_opened(), 1);

    clock.store(NOW + 1000, Ordering::Relaxed);
    let late = store.open_value(vector("one string").as_bytes());
    assert!(late.is_err(), "the date is past");
    assert_eq!(store.gorilla_opened(), 1);
}

#[tokio::test]
async fn a_visitor_may_go_between_the_deploys() {
    let next = "qUdnqLKL9HcTF2DiKcWlIDlWrnz2b2BGH2m0EkMBQFw";
    let sharing = store(shared().with_next_key(next));
    let replacing = store(accepting());
    let [sharing, replacing] =
        [sharing, replacing].map(|store| SessionLayer::new(store).expect("good"));
    let mut cookie = format!("test={}", vector("one string"));
    for (round, server) in [&replacing, &sharing, &replacing, &sharing]
        .into_iter()
        .enumerate()
    {
        let mut visitor = bringing(server, &cookie);
        let uid = visitor.visit(async |session| {
            session.put("round", round)?;
            session.get::<String>("uid")
        });
        assert_eq!(uid.await.expect("text").as_deref(), Some("42"), "{round}");
        let before = mem::replace(&mut cookie, pair(&visitor));
        assert_ne!(cookie, before, "in the format of this server");
    }
    let shown = gob(&cookie);
    assert!(
        shown.contains("uid") && shown.contains("~id"),
        "the id of our format stays: {shown:?}"
    );
}

#[test]
fn cookies_of_different_sessions_are_told_in_either_format() {
    let store = store(accepting());
    let ours = || {
        let mut record = store.new_record().expect("random bytes");
        record.put("uid", 7).expect("JSON");
        let cookie = store.seal(&record).expect("it fits");
        let pair = cookie.to_str().expect("ASCII").split(';').next();
        pair.expect("a pair").to_owned()
    };
    let go = |name| format!("test={}", vector(name));
    for (cookies, refused) in [
        (vec![ours(), go("one string")], None),
        (vec![go("one string"), go("ten strings")], Some("duplicate")),
        (vec![ours(), ours(), go("one string")], Some("duplicate")),
        (vec!["test=x".to_owned(), go("one string")], None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookies.join("; ").parse().expect("a header"));
        let opened = store.open(&headers);
        assert_eq!(opened.err().map(Refusal::as_str), refused);
    }
}

#[tokio::test]
async fn one_of_ours_becomes_a_go_cookie_when_it_is_read() {
    let next = "qUdnqLKL9HcTF2DiKcWlIDlWrnz2b2BGH2m0EkMBQFw";
    let ours = SessionLayer::new(CookieStoreConfig::new("test", next)).expect("good");
    let sharing = SessionLayer::new(shared().with_next_key(next)).expect("good");
    let mut visitor = Visitor::from(&ours);
    let put = visitor.visit(async |session| session.put("uid", 7));
    put.await.expect("it fits");
    let mut visitor = bringing(&sharing, &pair(&visitor));
    for is_replaced in [true, false] {
        let before = pair(&visitor);
        let uid = visitor.visit(async |session| session.get::<i64>("uid"));
        assert_eq!(uid.await.expect("a number"), Some(7));
        assert_eq!(pair(&visitor) != before, is_replaced);
    }
    assert!(gob(&pair(&visitor)).contains("uid"));
}

#[tokio::test]
async fn a_go_session_too_large_for_ours_is_read_and_left_alone() {
    let store = CookieStore::new(accepting().with_max_size(1000))
        .expect("good")
        .with_clock(|| at(NOW));
    let server = SessionLayer::new(store).expect("good");
    let came = format!("test={}", vector("string of 2000 bytes"));
    let mut visitor = bringing(&server, &came);
    let text = visitor
        .visit(async |session| session.require::<String>("k"))
        .await
        .expect("text");
    assert_eq!(text.len(), 2000);
    assert_eq!(pair(&visitor), came, "it is not issued again");
    let error = visitor
        .visit(async |session| session.put("n", 1))
        .await
        .expect_err("no room");
    assert!(
        matches!(&error, Error::TooLarge { key, limit: 1000, .. } if key == "n"),
        "{error}"
    );
}
