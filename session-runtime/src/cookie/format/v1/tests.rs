use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::keys::Keys;
use super::{HEADER, Header, Mode, Rules, Token, TokenKey, V1, seal};
use crate::config::SecretKeys;
use crate::error::Refusal;
use crate::id::SessionId;
use crate::limits::{MAX_COOKIE as MAX_VALUE, MAX_LIFETIME as MAX_TTL};

const NOW: u64 = 1_795_000_000;

fn keys(texts: &str) -> Arc<Keys> {
    let masters = SecretKeys::from(texts).decode().expect("good keys");
    let keys = Arc::new(Keys::new("sid", "context"));
    keys.set(&masters).expect("two ids");
    keys
}

fn two_keys() -> Arc<Keys> {
    keys(
        "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=,enl4d3Z1dHNycXBvbm1sa2ppaGdmZWRjYmE5ODc2NTQ=",
    )
}

fn rules() -> Rules {
    Rules {
        max_age: MAX_TTL,
        absolute_max_age: None,
        refresh_after: None,
    }
}

fn modes() -> Vec<Mode> {
    vec![
        Mode::Signed,
        #[cfg(feature = "encrypted")]
        Mode::Encrypted,
    ]
}

fn header(born: u64, delta: u64, ttl: u64) -> Header {
    Header {
        id: SessionId::from_bytes([9; 16]),
        born,
        issued_at: born + delta,
        ttl,
    }
}

fn sealed(key: &TokenKey, mode: Mode, header: &Header, payload: &[u8]) -> String {
    let mut value = Vec::new();
    let write = |out: &mut Vec<u8>| out.extend_from_slice(payload);
    seal(key, mode, header, (payload.len(), write), &mut value).expect("random bytes");
    String::from_utf8(value).expect("base64")
}

fn open(value: &str, mode: Mode, keys: &Arc<Keys>, rules: &Rules) -> Result<Token, Refusal> {
    V1::new(mode, Arc::clone(keys)).open(value.as_bytes(), rules, NOW)
}

fn reason(value: &str, mode: Mode, rules: &Rules) -> &'static str {
    match open(value, mode, &two_keys(), rules) {
        Ok(_) => "accept",
        Err(refusal) => refusal.as_str(),
    }
}

proptest! {
    #[test]
    fn a_random_token_survives_in_every_mode(
        id in any::<[u8; 16]>(),
        age in 0..MAX_TTL,
        idle in 0..MAX_TTL,
        payload in prop::collection::vec(any::<u8>(), 0..200),
        at in 0..2_usize,
    ) {
        let issued_at = NOW - idle.min(age);
        let header = Header { id: SessionId::from_bytes(id), born: NOW - age, issued_at, ttl: MAX_TTL };
        let keys = two_keys();
        for mode in modes() {
            let value = sealed(&keys.read()[at], mode, &header, &payload);
            prop_assert_eq!(value.len(), mode.value_len(payload.len()));
            let Ok(token) = open(&value, mode, &keys, &rules()) else {
                return Err(TestCaseError::fail("just sealed"));
            };
            prop_assert_eq!(token.bytes.get(token.payload.clone()), Some(&payload[..]));
            let found = token.header;
            prop_assert_eq!((found.id, found.born, found.issued_at, found.ttl), (header.id, header.born, issued_at, MAX_TTL));
            prop_assert_eq!(token.outdated, at > 0);
            prop_assert!(token.has_id);
            prop_assert_eq!(keys.read()[at].opened() + keys.read()[1 - at].opened(), keys.read()[at].opened());
            if mode != Mode::Signed {
                let decoded = BASE64_URL_SAFE_NO_PAD.decode(&value).expect("base64");
                let shows = payload.len() > 8 && decoded.windows(payload.len()).any(|window| window == payload);
                prop_assert!(!shows, "in the clear");
            }
        }
    }

    #[test]
    fn no_changed_token_opens(
        payload in prop::collection::vec(any::<u8>(), 0..60),
        at in any::<prop::sample::Index>(),
        change in 1..=255_u8,
    ) {
        let keys = two_keys();
        for mode in modes() {
            let value = sealed(&keys.read()[0], mode, &header(NOW, 0, 60), &payload);
            let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&value).expect("base64");
            let at = at.index(bytes.len());
            bytes[at] ^= change;
            let changed = BASE64_URL_SAFE_NO_PAD.encode(&bytes);
            let refusal = open(&changed, mode, &keys, &rules()).err().expect("a forgery");
            let expected = match at {
                0 => "version",
                1..5 => "unknown_key",
                _ => "bad_mac",
            };
            prop_assert_eq!(refusal.as_str(), expected, "byte {}", at);
            prop_assert_eq!(keys.read()[0].opened(), 0);
        }
    }
}

#[test]
fn the_parts_stand_where_the_format_says() {
    let keys = two_keys();
    for mode in modes() {
        let value = sealed(
            &keys.read()[0],
            mode,
            &header(0x01_0203_0405, 0x0607_0809, 0x0a0b_0c0d),
            b"{}",
        );
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).expect("base64");
        assert_eq!(bytes[0], mode as u8);
        assert_eq!(bytes[1..5], keys.read()[0].id);
        assert_eq!(bytes[5..18], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        assert_eq!(bytes[18..34], [9; 16]);
        assert_eq!(bytes.len(), mode.overhead() + 2);
        if mode == Mode::Signed {
            assert_eq!(&bytes[34..36], b"{}");
            assert_eq!(bytes.len(), 66 + 2);
        } else {
            assert_eq!(bytes.len(), 62 + 2);
        }
    }
}

#[test]
fn times_are_checked_to_the_second() {
    let keys = two_keys();
    for mode in modes() {
        let judged = |header: &Header, rules: &Rules| {
            reason(&sealed(&keys.read()[0], mode, header, b""), mode, rules)
        };
        let any = rules();
        for (header, expected) in [
            (header(NOW, 0, 0), "bad_time"),
            (header(NOW, 0, 1), "accept"),
            (header(NOW - 1, 0, 1), "expired"),
            (header(NOW - MAX_TTL + 1, 0, MAX_TTL), "accept"),
            (header(NOW - MAX_TTL, 0, MAX_TTL), "expired"),
            (header(NOW, 0, MAX_TTL + 1), "bad_time"),
            (header(NOW, 86_400, 60), "accept"),
            (header(NOW + 86_400, 0, 60), "accept"),
            (header(NOW, 86_401, 60), "future"),
            (header(NOW + 86_401, 0, 60), "future"),
            (header(NOW - 500, 401, 100), "accept"),
            (header(NOW - 500, 400, 100), "expired"),
        ] {
            assert_eq!(
                judged(&header, &any),
                expected,
                "{} {} {}",
                header.born,
                header.issued_at,
                header.ttl
            );
        }
        let brief = Rules {
            max_age: 100,
            ..rules()
        };
        assert_eq!(judged(&header(NOW - 99, 0, 500), &brief), "accept");
        assert_eq!(judged(&header(NOW - 100, 0, 500), &brief), "expired");
        let absolute = Rules {
            absolute_max_age: Some(300),
            ..rules()
        };
        assert_eq!(judged(&header(NOW - 299, 299, 500), &absolute), "accept");
        assert_eq!(judged(&header(NOW - 300, 300, 500), &absolute), "expired");
    }
}

#[test]
fn sizes_are_checked_before_anything() {
    let keys = two_keys();
    for mode in modes() {
        let rules = rules();
        let largest = (MAX_VALUE * 3 / 4) - mode.overhead();
        let value = sealed(
            &keys.read()[0],
            mode,
            &header(NOW, 0, 60),
            &vec![b' '; largest],
        );
        assert_eq!(value.len(), MAX_VALUE);
        assert_eq!(reason(&value, mode, &rules), "accept");
        assert_eq!(reason(&format!("{value}A"), mode, &rules), "too_long");
        assert_eq!(reason(&"?".repeat(MAX_VALUE + 1), mode, &rules), "too_long");
        assert_eq!(reason(&"?".repeat(MAX_VALUE), mode, &rules), "malformed");
        let empty = sealed(&keys.read()[0], mode, &header(NOW, 0, 60), b"");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&empty).expect("base64");
        assert_eq!(reason(&empty, mode, &rules), "accept");
        for len in 0..bytes.len() {
            let short = BASE64_URL_SAFE_NO_PAD.encode(&bytes[..len]);
            assert_eq!(reason(&short, mode, &rules), "malformed", "{len}");
        }
    }
}

#[test]
fn a_header_is_the_thirty_four_bytes_of_the_format() {
    assert_eq!(HEADER, 34);
    let two = two_keys();
    let other = keys("MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=");
    assert_eq!(two.read()[0].id, other.read()[0].id);
    assert_ne!(two.read()[0].id, two.read()[1].id);
}

#[test]
#[should_panic(expected = "a MAC covers the header")]
fn a_mac_over_nothing_is_never_made() {
    super::signed::seal(&two_keys().read()[0], &mut b"before".to_vec());
}

#[cfg(feature = "encrypted")]
#[test]
#[should_panic(expected = "bound to its header")]
fn nothing_is_encrypted_without_a_header_that_is_bound_to_it() {
    let id = SessionId::from_bytes([9; 16]);
    let payload = |out: &mut Vec<u8>| out.extend_from_slice(&[0; 64]);
    let _sealed = super::encrypted::seal(&two_keys().read()[0], &id, &mut Vec::new(), payload);
}
