//! Configurations and keys.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;
use hmac::{Hmac, KeyInit, Mac};
use session_runtime::{ConfigError, CookieStore, CookieStoreConfig, GorillaKeys};
use sha2::Sha256;

use super::{KEY, NOW, at, shared, store, vector};

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
    let until = || {
        shared()
            .with_block_key(b"0123456789abcdef")
            .accept_signed_until(at(NOW))
    };
    assert!(problem(until()).contains("turn `encrypted` on"));
    assert!(problem(until().with_encrypted(true)).contains("add `with_next_key`"));
    let next = CookieStore::new(until().with_encrypted(true).with_next_key(KEY));
    assert!(next.is_ok());
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

#[test]
fn cookies_of_go_without_a_key_are_refused_at_the_start() {
    let config =
        CookieStoreConfig::new("test", KEY).accept_gorilla(GorillaKeys::default(), at(NOW));
    let error = CookieStore::new(config).unwrap_err();
    assert!(error.to_string().contains("have no key"), "{error}");
}

/// As Go's `sessions.NewCookieStore([]byte(..))`, which signs with any bytes.
#[test]
fn a_key_of_any_bytes() {
    let with_commas = b"correct horse, battery staple, and more".as_slice();
    let binary: Vec<u8> = (0..64).map(|i: u8| i.wrapping_mul(37)).collect();
    let not_utf8 = [0xff; 32].as_slice();
    for key in [
        with_commas,
        &binary,
        not_utf8,
        b"\n32 bytes, each of which counts\r\n\n",
    ] {
        let cookie = go_cookie(key);
        let both = CookieStoreConfig::gorilla("test", GorillaKeys::from_bytes(key));
        let accepting = CookieStoreConfig::new("test", KEY)
            .accept_gorilla(GorillaKeys::from_bytes(key), at(NOW + 60));
        for config in [both, accepting] {
            let record = store(config)
                .open_value(cookie.as_bytes())
                .expect("Go's cookie");
            assert_eq!(record.get("uid").expect("text"), Some("42".to_owned()));
        }
        let other = go_cookie(&key[1..]);
        let refusal = store(CookieStoreConfig::gorilla(
            "test",
            GorillaKeys::from_bytes(key),
        ))
        .open_value(other.as_bytes());
        assert_eq!(refusal.expect_err("another key").as_str(), "bad_mac");
    }
}

#[test]
fn a_short_key_of_bytes_needs_leave_and_none_is_never_a_key() {
    let problem = |config: CookieStoreConfig| {
        let error = CookieStore::new(config).expect_err("it can't work");
        error.to_string()
    };
    let short = || CookieStoreConfig::gorilla("test", GorillaKeys::from_bytes(b"\xff,\0"));
    assert!(problem(short()).contains("it has 3 bytes, and 32 are needed"));
    let cookie = go_cookie(b"\xff,\0");
    assert!(
        store(short().allow_short_key())
            .open_value(cookie.as_bytes())
            .is_ok()
    );
    let keys = GorillaKeys::from_bytes(b"\xff,\0").allow_short_key();
    let config = CookieStoreConfig::gorilla("test", keys);
    assert!(store(config).open_value(cookie.as_bytes()).is_ok());
    let empty = CookieStoreConfig::gorilla("test", GorillaKeys::from_bytes(b""));
    assert!(problem(empty.allow_short_key()).contains("it is blank"));
    let none = CookieStoreConfig::gorilla("test", GorillaKeys::default());
    assert_eq!(problem(none), "Key is required, but blank");
}

#[test]
fn keys_of_bytes_and_text_rotate() {
    let old = [0xfe; 32].as_slice();
    let rotated = || GorillaKeys::from_bytes(old);
    let by_and = CookieStoreConfig::gorilla("test", GorillaKeys::new(KEY).and(rotated()));
    let by_older = CookieStoreConfig::gorilla("test", KEY).with_older_gorilla_keys(rotated());
    let bytes_first = CookieStoreConfig::gorilla("test", rotated().and(KEY.into()));
    for config in [by_and, by_older, bytes_first] {
        let store = store(config);
        for key in [KEY.as_bytes(), old] {
            assert!(store.open_value(go_cookie(key).as_bytes()).is_ok());
        }
    }
    // Text is decoded where that is asked for, bytes never are.
    let base64 = b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    let config = CookieStoreConfig::gorilla("test", GorillaKeys::from_bytes(base64).decoded());
    assert!(
        store(config)
            .open_value(go_cookie(base64).as_bytes())
            .is_ok()
    );
}

#[test]
fn options_come_with_the_keys() {
    let block = b"0123456789abcdef";
    let keys = GorillaKeys::new(KEY).with_block_key(block);
    let (one, other) = (
        store(CookieStoreConfig::gorilla("test", keys)),
        store(CookieStoreConfig::gorilla("test", KEY).with_block_key(block)),
    );
    let mut record = one.new_record().expect("an id");
    record.put("uid", 42).expect("a scalar");
    let sealed = one.seal(&record).expect("small");
    let value = sealed.to_str().expect("ASCII").trim_start_matches("test=");
    let value = value.split(';').next().expect("a value");
    assert!(other.open_value(value.as_bytes()).is_ok());
    assert!(store(shared()).open_value(value.as_bytes()).is_err());
}

#[test]
fn a_key_that_is_set_later_takes_the_place_of_bytes() {
    let config = || CookieStoreConfig::gorilla("test", GorillaKeys::from_bytes(&[0xfe; 32]));
    let set = store(config().with_key(KEY));
    let loader = CookieStoreConfig::load().defaults(config());
    let read = store(
        loader
            .env_from("APP", [("APP_KEY", KEY)])
            .build()
            .expect("good"),
    );
    for store in [set, read] {
        assert!(
            store
                .open_value(go_cookie(KEY.as_bytes()).as_bytes())
                .is_ok()
        );
        assert!(store.open_value(go_cookie(&[0xfe; 32]).as_bytes()).is_err());
    }
    let mut field = config();
    field.key = KEY.into();
    assert!(
        store(field)
            .open_value(go_cookie(KEY.as_bytes()).as_bytes())
            .is_ok()
    );
    let blank = CookieStore::new(config().with_key("")).expect_err("no key");
    assert_eq!(blank.to_string(), "Key is required, but blank");
    // Untouched, the bytes go through a loader.
    let kept = CookieStoreConfig::load()
        .defaults(config())
        .build()
        .expect("good");
    assert!(
        store(kept)
            .open_value(go_cookie(&[0xfe; 32]).as_bytes())
            .is_ok()
    );
}

/// A cookie of the session `{"uid": "42"}` as `gorilla/securecookie` writes it under a key.
fn go_cookie(key: &[u8]) -> String {
    // map[interface{}]interface{}, with the type id of a fresh process.
    let gob = b"\x0d\x7f\x04\x01\x02\xff\x80\x00\x01\x10\x01\x10\x00\x00\x1f\xff\x80\x00\x01\x06string\x0c\x05\x00\x03uid\x06string\x0c\x04\x00\x0242";
    let body = BASE64_URL_SAFE.encode(gob);
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(format!("test|{NOW}|{body}").as_bytes());
    let mut text = format!("{NOW}|{body}|").into_bytes();
    text.extend_from_slice(&mac.finalize().into_bytes());
    BASE64_URL_SAFE.encode(text)
}
