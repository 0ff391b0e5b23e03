//! Configurations and keys.

use session_runtime::{ConfigError, CookieStore, CookieStoreConfig, GorillaKeys};

use crate::{KEY, NOW, at, shared, store, vector};

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
