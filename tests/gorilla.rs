//! Go's cookies through the public interface: shared with a Go service, or accepted until a date.

mod visitor;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;
use http::header::{COOKIE, HeaderMap};
use serde_json::Value;
use session_runtime::{
    ConfigError, CookieStore, CookieStoreConfig, Error, GorillaKeys, Key, KeyInfo, SecretKeys,
    SessionLayer,
};
use visitor::Visitor;

const KEY: &str = "6bude5uOm9eZV280BjP6f6a5bEj7fg2PWl6GysY68CmXfOv8NFZ9O6ZIpbllQPtr";
const NOW: u64 = 1_500_000_010;
const SHORT_LIVED: Key<String> =
    Key::with_info(KeyInfo::new("code").with_ttl(Duration::from_secs(60)));

fn corpus(list: &str) -> Vec<Value> {
    let corpus: Value = serde_json::from_str(include_str!("corpus/gorilla.json")).expect("JSON");
    corpus[list].as_array().expect("a list").clone()
}

fn vector(name: &str) -> String {
    let vectors = corpus("vectors");
    let vector = vectors
        .iter()
        .find(|vector| vector["name"] == name)
        .expect("it is there");
    vector["cookie_value"].as_str().expect("text").to_owned()
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn store(config: CookieStoreConfig) -> CookieStore {
    CookieStore::new(config)
        .expect("a good configuration")
        .with_clock(|| at(NOW))
}

fn shared() -> CookieStoreConfig {
    CookieStoreConfig::gorilla("test", KEY)
}

/// The gob in a cookie's `name=value`.
fn gob(cookie: &str) -> String {
    let (_, value) = cookie.split_once('=').expect("a pair");
    let token = BASE64_URL_SAFE.decode(value).expect("base64");
    let body = token
        .split(|byte| *byte == b'|')
        .nth(1)
        .expect("three parts");
    String::from_utf8_lossy(&BASE64_URL_SAFE.decode(body).expect("base64")).into_owned()
}

#[test]
fn a_go_cookie_is_read_with_its_types() {
    let record = store(shared())
        .open_value(vector("one string").as_bytes())
        .expect("it is Go's");
    assert_eq!(
        record.get::<String>("uid").expect("text"),
        Some("42".to_owned())
    );
    let bytes = store(shared())
        .open_value(vector("value []byte").as_bytes())
        .expect("it is Go's");
    assert_eq!(
        bytes.get::<Vec<u8>>("k").expect("bytes"),
        Some(vec![0, 1, 254, 255])
    );
    let user = store(shared())
        .open_value(vector("string after struct").as_bytes())
        .expect("it is Go's");
    assert_eq!(user.keys(), ["a", "uid", "z"]);
    let error = user.get::<Value>("a").expect_err("a struct");
    assert!(
        error.to_string().contains("a Go value without a JSON form"),
        "{error}"
    );
    assert_eq!(
        user.get::<String>("z").expect("text"),
        Some("zz".to_owned())
    );
}

#[test]
fn an_unchanged_go_session_is_sealed_as_go_would() {
    for name in [
        "one string",
        "ten strings",
        "mixed keys",
        "string after struct",
        "value float64 NaN",
        "value []byte",
    ] {
        let vectors = corpus("vectors");
        let vector = vectors
            .iter()
            .find(|vector| vector["name"] == name)
            .expect("it is there");
        let created = vector["created_unix"].as_u64().expect("a time");
        let store = CookieStore::new(shared())
            .expect("good")
            .with_clock(move || at(created));
        let value = vector["cookie_value"].as_str().expect("text");
        let record = store.open_value(value.as_bytes()).expect("it is Go's");
        let sealed = store.seal(&record).expect("it fits");
        let pair = sealed.to_str().expect("ASCII").split(';').next();
        assert_eq!(pair, Some(format!("test={value}").as_str()), "{name}");
    }
}

#[test]
fn keys_rotate_as_in_go() {
    let cases = corpus("multi");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let keys: Vec<&str> = case["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let config = CookieStoreConfig::gorilla("test", keys.join(",")).allow_short_key();
        let opened =
            store(config).open_value(case["cookie_value"].as_str().expect("text").as_bytes());
        assert_eq!(opened.is_ok(), case["error"].is_null(), "{}", case["name"]);
    }
}

#[test]
fn what_go_takes_and_this_does_not() {
    for (name, reason) in [
        ("date \"9223372036854775807\" with a valid MAC", "future"),
        (
            "unused trailing bits set in the last char: ACCEPTED (malleable)",
            "malformed",
        ),
        ("CR LF inside: ACCEPTED", "malformed"),
    ] {
        let refusal = store(shared())
            .open_value(vector(name).as_bytes())
            .expect_err("stricter than Go");
        assert_eq!(refusal.as_str(), reason, "{name}");
    }
}

#[test]
fn configurations_that_cannot_work_say_what_to_do() {
    let problem = |config: CookieStoreConfig| -> String {
        let error: ConfigError = CookieStore::new(config).expect_err("it can't work");
        error.to_string()
    };
    let gorilla = |key: &str| CookieStoreConfig::gorilla("test", key);
    assert_eq!(problem(gorilla("")), "Key is required, but blank");
    assert!(problem(gorilla("short-key")).contains("`allow_short_key()`"));
    assert!(CookieStore::new(gorilla("short-key").allow_short_key()).is_ok());
    assert!(
        problem(gorilla(&format!("{KEY},")).allow_short_key())
            .contains("Key 2 of the Go cookies: it is blank")
    );
    assert!(
        problem(gorilla(&format!("{KEY}, {KEY}"))).contains("it is not base64, which has no ' '")
    );
    assert!(problem(shared().with_block_key(b"0123456789")).contains("AES takes 16, 24 or 32"));
    assert!(problem(shared().with_encrypted(true)).contains("with_block_key"));
    assert!(problem(shared().with_context("staging")).contains("no context"));
    assert!(problem(shared().accept_gorilla(KEY, at(NOW))).contains("leave out `accept_gorilla`"));
    let ours = CookieStoreConfig::new("test", KEY).with_block_key(b"0123456789abcdef");
    assert!(problem(ours).contains("begin with `CookieStoreConfig::gorilla`"));
    let no_date = CookieStoreConfig::new("test", KEY).accept_gorilla("short", at(NOW));
    assert!(problem(no_date).contains("Key 1 of the Go cookies"));
    let keyring = store(shared()).keyring();
    assert!(
        keyring.replace(KEY).is_err(),
        "Go's keys are no keys of ours"
    );
    assert!(!format!("{:?} {:?}", shared(), GorillaKeys::new(KEY)).contains(KEY));
}

#[test]
fn a_decoded_key_is_an_option() {
    let minted = vector("minted with the base64-DECODED key: refused (the key is the raw string)");
    assert_eq!(
        store(shared())
            .open_value(minted.as_bytes())
            .expect_err("another key")
            .as_str(),
        "bad_mac"
    );
    assert!(
        store(shared().with_decoded_key())
            .open_value(minted.as_bytes())
            .is_ok()
    );
}

#[tokio::test]
async fn a_put_that_go_cannot_read_is_refused_at_once() {
    let server = SessionLayer::new(shared()).expect("good");
    let mut visitor = Visitor::new();
    let error = visitor.visit(&server, |session| {
        session.put("uid", 42)?;
        session.put("cart", [("apples", 3)])
    });
    let error = error.await.expect_err("a list of lists");
    assert!(
        matches!(&error, Error::Encode { key, .. } if key == "cart"),
        "{error}"
    );
    assert!(error.to_string().contains("a list of lists"), "{error}");
    let keys = visitor
        .visit(&server, |session| session.keys())
        .await
        .expect("a session");
    assert_eq!(keys, ["uid"], "the session is as it was before the put");
}

#[tokio::test]
async fn deadlines_and_id_travel_only_where_they_are_used() {
    let server = SessionLayer::new(shared()).expect("good");
    let mut visitor = Visitor::new();
    visitor
        .visit(&server, |session| session.put("uid", 42))
        .await
        .expect("it fits");
    let plain = gob(visitor.cookie.as_deref().expect("a cookie"));
    assert!(plain.contains("uid") && !plain.contains('~'), "{plain:?}");

    visitor
        .visit(&server, |session| {
            session.put(SHORT_LIVED, "1234".to_owned())
        })
        .await
        .expect("it fits");
    let with_deadline = gob(visitor.cookie.as_deref().expect("a cookie"));
    assert!(
        with_deadline.contains("{\"code\":") && !with_deadline.contains("~id"),
        "{with_deadline:?}"
    );

    let id = visitor
        .visit(&server, |session| session.id())
        .await
        .expect("an id");
    assert!(gob(visitor.cookie.as_deref().expect("a cookie")).contains(&id.to_string()));
    visitor
        .visit(&server, |session| session.put("n", 1))
        .await
        .expect("it fits");
    assert_eq!(
        visitor
            .visit(&server, |session| session.id())
            .await
            .expect("an id"),
        id,
        "the id stays"
    );
    let code = visitor
        .visit(&server, |session| session.get(SHORT_LIVED))
        .await
        .expect("text");
    assert_eq!(code.as_deref(), Some("1234"));
    visitor
        .visit(&server, |session| session.renew())
        .await
        .expect("it fits");
    assert_ne!(
        visitor
            .visit(&server, |session| session.id())
            .await
            .expect("an id"),
        id
    );
    visitor
        .visit(&server, |session| session.clear())
        .await
        .expect("a session");
    let cleared = gob(visitor.cookie.as_deref().expect("a cookie"));
    assert!(
        !cleared.contains("uid") && cleared.contains("~id"),
        "{cleared:?}"
    );
}

#[tokio::test]
async fn private_keys_need_a_block_key() {
    const SECRET: Key<String> = Key::with_info(KeyInfo::new("secret").private());
    let signed = SessionLayer::new(shared()).expect("good");
    let put = |session: session_runtime::Session| session.put(SECRET, "s".to_owned());
    assert!(matches!(
        Visitor::new().visit(&signed, put).await,
        Err(Error::NotPrivate { .. })
    ));
    let encrypted = shared().with_block_key(b"0123456789abcdef");
    let encrypted = SessionLayer::new(encrypted).expect("good");
    assert!(Visitor::new().visit(&encrypted, put).await.is_ok());
}

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
    let server = SessionLayer::new(store.clone()).expect("good");
    let mut visitor = Visitor::new();
    visitor.cookie = Some(format!("test={}", vector("one string")));
    let uid = visitor
        .visit(&server, |session| session.get::<String>("uid"))
        .await
        .expect("text");
    assert_eq!(uid.as_deref(), Some("42"));
    let ours = visitor.cookie.clone().expect("a cookie");
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
    let mut visitor = Visitor::new();
    visitor.cookie = Some(format!("test={}", vector("one string")));
    for (round, server) in [&replacing, &sharing, &replacing, &sharing]
        .into_iter()
        .enumerate()
    {
        let before = visitor.cookie.clone();
        let uid = visitor.visit(server, |session| {
            session.put("round", round)?;
            session.get::<String>("uid")
        });
        assert_eq!(uid.await.expect("text").as_deref(), Some("42"), "{round}");
        assert_ne!(visitor.cookie, before, "in the format of this server");
    }
    let shown = gob(visitor.cookie.as_deref().expect("a cookie"));
    assert!(
        shown.contains("uid") && shown.contains("~id"),
        "the id of our format stays: {shown:?}"
    );
}

#[tokio::test]
async fn a_go_session_too_large_for_ours_is_read_and_left_alone() {
    let store = CookieStore::new(accepting().with_max_size(1000))
        .expect("good")
        .with_clock(|| at(NOW));
    let server = SessionLayer::new(store).expect("good");
    let mut visitor = Visitor::new();
    let came = format!("test={}", vector("string of 2000 bytes"));
    visitor.cookie = Some(came.clone());
    let text = visitor
        .visit(&server, |session| session.require::<String>("k"))
        .await
        .expect("text");
    assert_eq!(text.len(), 2000);
    assert_eq!(
        visitor.cookie.as_ref(),
        Some(&came),
        "it is not issued again"
    );
    let error = visitor
        .visit(&server, |session| session.put("n", 1))
        .await
        .expect_err("no room");
    assert!(
        matches!(&error, Error::TooLarge { key, limit: 1000, .. } if key == "n"),
        "{error}"
    );
}
