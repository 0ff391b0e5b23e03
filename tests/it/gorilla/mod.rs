//! Go's cookies through the public interface: shared with a Go service, or accepted until a date.

mod accept;
mod bounds;
mod config;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;
use http::HeaderMap;
use http::header::SET_COOKIE;
use serde_json::Value;
use session_runtime::testing::Visitor;
use session_runtime::{
    CookieStore, CookieStoreConfig, Error, Key, KeyInfo, Result, Session, SessionLayer,
};

const KEY: &str = "6bude5uOm9eZV280BjP6f6a5bEj7fg2PWl6GysY68CmXfOv8NFZ9O6ZIpbllQPtr";
const NOW: u64 = 1_500_000_010;
const SHORT_LIVED: Key<String> =
    Key::with_info(KeyInfo::new("code").with_ttl(Duration::from_secs(60)));

fn corpus(list: &str) -> Vec<Value> {
    let corpus: Value = serde_json::from_str(include_str!(
        "../../../session-runtime/tests/corpus/gorilla.json"
    ))
    .expect("JSON");
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

/// A visitor who brings this `name=value`.
fn bringing(server: &SessionLayer, pair: &str) -> Visitor {
    let (mut visitor, mut response) = (Visitor::from(server), HeaderMap::new());
    response.insert(SET_COOKIE, pair.parse().expect("a header value"));
    visitor.keep(&response);
    visitor
}

/// The visitor's `name=value`.
fn pair(visitor: &Visitor) -> String {
    visitor.cookie().to_str().expect("ASCII").to_owned()
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

#[tokio::test]
async fn a_put_that_go_cannot_read_is_refused_at_once() {
    let server = SessionLayer::new(shared()).expect("good");
    let mut visitor = Visitor::from(&server);
    let put = visitor.visit(async |session| -> Result<_> {
        session.put("uid", 42)?;
        Ok(session.put("cart", [("apples", 3)]))
    });
    let put = put.await.expect("it fits");
    let error = put.expect_err("a list of lists");
    assert!(
        matches!(&error, Error::Encode { key, .. } if key == "cart"),
        "{error}"
    );
    assert!(error.to_string().contains("a list of lists"), "{error}");
    let keys = visitor
        .visit(async |session| session.keys())
        .await
        .expect("a session");
    assert_eq!(keys, ["uid"], "the session is as it was before the put");
}

#[tokio::test]
async fn deadlines_and_id_travel_only_where_they_are_used() {
    let server = SessionLayer::new(shared()).expect("good");
    let mut visitor = Visitor::from(&server);
    visitor
        .visit(async |session| session.put("uid", 42))
        .await
        .expect("it fits");
    let plain = gob(&pair(&visitor));
    assert!(plain.contains("uid") && !plain.contains('~'), "{plain:?}");

    visitor
        .visit(async |session| session.put(SHORT_LIVED, "1234".to_owned()))
        .await
        .expect("it fits");
    let with_deadline = gob(&pair(&visitor));
    assert!(
        with_deadline.contains("{\"code\":") && !with_deadline.contains("~id"),
        "{with_deadline:?}"
    );

    let id = visitor
        .visit(async |session| session.id())
        .await
        .expect("an id");
    assert!(gob(&pair(&visitor)).contains(&id.to_string()));
    visitor
        .visit(async |session| session.put("n", 1))
        .await
        .expect("it fits");
    assert_eq!(
        visitor
            .visit(async |session| session.id())
            .await
            .expect("an id"),
        id,
        "the id stays"
    );
    let code = visitor
        .visit(async |session| session.get(SHORT_LIVED))
        .await
        .expect("text");
    assert_eq!(code.as_deref(), Some("1234"));
    visitor
        .visit(async |session| session.renew())
        .await
        .expect("it fits");
    assert_ne!(
        visitor
            .visit(async |session| session.id())
            .await
            .expect("an id"),
        id
    );
    visitor
        .visit(async |session| session.clear())
        .await
        .expect("a session");
    let cleared = gob(&pair(&visitor));
    assert!(
        !cleared.contains("uid") && cleared.contains("~id"),
        "{cleared:?}"
    );
}

#[tokio::test]
async fn private_keys_need_a_block_key() {
    const SECRET: Key<String> = Key::with_info(KeyInfo::new("secret").private());
    let signed = SessionLayer::new(shared()).expect("good");
    let put = async |session: Session| session.put(SECRET, "s".to_owned());
    assert!(matches!(
        Visitor::from(&signed).visit(put).await,
        Err(Error::NotPrivate { .. })
    ));
    let encrypted = shared().with_block_key(b"0123456789abcdef");
    let encrypted = SessionLayer::new(encrypted).expect("good");
    assert!(Visitor::from(&encrypted).visit(put).await.is_ok());
}
