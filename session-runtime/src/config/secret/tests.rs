use base64::Engine;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};

use super::{SecretKeys, Zeroizing};

fn decode(text: &str) -> Result<Vec<Zeroizing<Vec<u8>>>, String> {
    let keys = SecretKeys::from(text).decode();
    keys.map_err(|error| error.to_string())
}

fn bytes(text: &str) -> Vec<u8> {
    decode(text).expect("a good key")[0].to_vec()
}

/// 32 bytes whose text has characters that differ in the two alphabets.
fn odd() -> Vec<u8> {
    let mut bytes: Vec<u8> = (0xe0..=0xff).collect();
    bytes[..3].copy_from_slice(&[0xfb, 0xff, 0xbf]);
    bytes
}

#[test]
fn a_key_is_either_base64_with_or_without_padding() {
    let key = odd();
    for text in [
        BASE64_STANDARD.encode(&key),
        BASE64_STANDARD_NO_PAD.encode(&key),
        BASE64_URL_SAFE.encode(&key),
        BASE64_URL_SAFE_NO_PAD.encode(&key),
        format!(" {}\n", BASE64_STANDARD.encode(&key)),
    ] {
        assert_eq!(bytes(&text), key, "{text}");
    }
    let mixed = BASE64_STANDARD.encode(&key).replacen('+', "-", 1);
    assert!(mixed.contains('-') && mixed.contains('/'), "{mixed}");
    for text in [mixed.as_str(), "no base64!", "secret", "MDEy MzQ1"] {
        let error = decode(text).expect_err("refused");
        assert!(
            error.contains("Key 1: it is not base64") || error.contains("bytes after"),
            "{error}"
        );
        assert!(error.contains("openssl rand -base64 32"));
        assert!(!error.contains(text), "{error}");
    }
}

#[test]
fn thirty_two_bytes_with_twelve_different_ones_are_the_least() {
    let key = |len: usize, distinct: u8| {
        let bytes: Vec<u8> = (0..len)
            .map(|at| u8::try_from(at % usize::from(distinct)).expect("small"))
            .collect();
        decode(&BASE64_STANDARD.encode(bytes))
    };
    assert!(key(32, 32).is_ok());
    assert!(key(64, 12).is_ok());
    assert!(key(32, 12).is_ok());
    let short = key(31, 31).expect_err("too short");
    assert!(
        short.contains("it has 31 bytes after base64 decoding, and 32 are needed"),
        "{short}"
    );
    let dull = key(64, 11).expect_err("not random");
    assert!(dull.contains("it has only 11 different bytes"), "{dull}");
}

#[test]
fn the_list_keeps_its_order_and_says_which_key_is_wrong() {
    let one = BASE64_STANDARD.encode(odd());
    let two = BASE64_STANDARD.encode((100..140).collect::<Vec<u8>>());
    let keys = decode(&format!("{one}, {two}")).expect("good keys");
    assert_eq!(keys.len(), 2);
    assert_eq!(*keys[0], odd());
    let error = decode(&format!("{one},{two},c2hvcnQ=")).expect_err("short");
    assert!(error.starts_with("Key 3: it has 5 bytes"), "{error}");
    let error = decode(&format!("{one},")).expect_err("blank");
    assert!(error.starts_with("Key 2: it has 0 bytes"), "{error}");
    let url_safe = BASE64_URL_SAFE_NO_PAD.encode(odd());
    let error = decode(&format!("{two},{one},{url_safe}")).expect_err("twice");
    assert!(
        error.starts_with("Key 2 and key 3 have the same key id"),
        "{error}"
    );
}

#[test]
fn generated_keys_are_good_and_different() {
    let one = SecretKeys::generate().expect("random bytes");
    let two = SecretKeys::generate().expect("random bytes");
    assert_eq!(one.decode().expect("good")[0].len(), 32);
    assert_ne!(*one.0, *two.0);
    assert_eq!(format!("{one:?}"), "SecretKeys(..)");
}

#[test]
fn blank_is_nothing_but_space() {
    for (text, blank) in [("", true), (" \t\n", true), (",", false), ("a", false)] {
        assert_eq!(SecretKeys::from(text).is_blank(), blank, "{text:?}");
        assert_eq!(SecretKeys::from(text.to_owned()).is_blank(), blank);
    }
}

#[test]
fn what_holds_a_key_is_wiped_on_drop() {
    fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
    let keys = SecretKeys::generate().expect("random bytes");
    let SecretKeys(text) = &keys;
    wiped(text);
    wiped(&keys.decode().expect("a good key")[0]);
}
