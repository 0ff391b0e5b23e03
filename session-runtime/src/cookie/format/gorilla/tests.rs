//! Tests with real cookies of gorilla/securecookie, and with cookies that no Go program would send.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use proptest::prelude::*;
use serde_json::Value;

use super::gob;
use super::securecookie::{SecureCookie, Verified};
use crate::config::KeyPair;
use crate::error::{Reason, Refusal};

const CORPUS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/corpus/gorilla.json"
));

/// Where this module is stricter than Go on purpose, and why.
const STRICTER: [(&str, Reason); 3] = [
    (
        "date \"9223372036854775807\" with a valid MAC",
        Reason::Future,
    ),
    (
        "unused trailing bits set in the last char: ACCEPTED (malleable)",
        Reason::Malformed,
    ),
    ("CR LF inside: ACCEPTED", Reason::Malformed),
];
/// `sessions.CookieStore` has no way to set a minimum age, so there is none here.
const NO_MIN_AGE: &str = "min_age 60, age 10: too new";

pub(super) fn corpus() -> Value {
    serde_json::from_str(CORPUS).unwrap()
}

pub(super) fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap_or_default();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn codec(vector: &Value) -> SecureCookie {
    SecureCookie::new(KeyPair {
        hash: hex(&vector["key_hex"]).into(),
        block: vector.get("block_key").map(|key| hex(key).into()),
    })
}

pub(super) fn open(vector: &Value) -> Result<Verified, Refusal> {
    let value = vector["cookie_value"].as_str().unwrap().as_bytes();
    let limit = usize::try_from(vector["max_length"].as_u64().unwrap()).unwrap();
    if limit != 0 && value.len() > limit {
        return Err(Reason::TooLong.into());
    }
    let name = vector["cookie_name"].as_str().unwrap();
    let (now, max_age) = (
        vector["now_unix"].as_u64().unwrap(),
        vector["max_age"].as_u64().unwrap(),
    );
    Ok(codec(vector).open(name, value, now, max_age)?)
}

pub(super) fn is_gob(vector: &Value) -> bool {
    vector["serializer"] == "gob"
}

#[test]
fn the_corpus_is_whole() {
    let corpus = corpus();
    let vectors = corpus["vectors"].as_array().unwrap();
    let of_kind = |kind: &str| {
        vectors
            .iter()
            .filter(|vector| vector["kind"] == kind)
            .count()
    };
    assert_eq!(vectors.len(), 110);
    assert_eq!((of_kind("positive"), of_kind("negative")), (67, 43));
    assert_eq!(corpus["multi"].as_array().unwrap().len(), 3);
}

#[test]
fn what_go_accepts_and_refuses() {
    for vector in corpus()["vectors"].as_array().unwrap() {
        let name = vector["name"].as_str().unwrap();
        let outcome = open(vector);
        if let Some((_, reason)) = STRICTER.iter().find(|(strict, _)| *strict == name) {
            assert_eq!(outcome.err(), Some(Refusal::from(*reason)), "{name}");
            assert_eq!(vector["error"], Value::Null, "{name}: Go accepts it");
            continue;
        }
        let accepted =
            outcome.is_ok_and(|opened| !is_gob(vector) || gob::decode(&opened.payload).is_ok());
        let expected =
            vector["kind"] == "positive" || name == NO_MIN_AGE || name == "json payload: array";
        assert_eq!(accepted, expected, "{name}");
    }
}

#[test]
fn the_reasons_of_a_refusal() {
    let go = [
        ("timestamp is too new", None),
        ("expired timestamp", Some(Reason::Expired)),
        ("invalid timestamp", Some(Reason::BadTime)),
        ("the value is too long", Some(Reason::TooLong)),
        ("the value is not valid", Some(Reason::BadMac)),
        ("base64 decode failed", Some(Reason::Malformed)),
        ("the value could not be decrypted", Some(Reason::Payload)),
        ("error - caused by", None),
    ];
    // A negative date, fewer than three parts, and a body that is not base64 under a valid MAC.
    let other = [
        ("date \"-1\" with a valid MAC", Reason::BadTime),
        ("tampered: first pipe", Reason::Malformed),
        ("tampered: second pipe", Reason::Malformed),
        ("only date|value", Reason::Malformed),
        ("empty cookie", Reason::Malformed),
        ("truncated to 8 chars", Reason::Malformed),
        ("truncated to 80 chars", Reason::Malformed),
        ("inner value is not base64 (valid MAC)", Reason::Payload),
        (
            "inner value in the standard alphabet (valid MAC)",
            Reason::Payload,
        ),
    ];
    for vector in corpus()["vectors"].as_array().unwrap() {
        let (Some(name), Some(error)) = (vector["name"].as_str(), vector["error"].as_str()) else {
            continue;
        };
        let (_, reason) = go.iter().find(|(text, _)| error.contains(text)).unwrap();
        let reason = other
            .iter()
            .find(|(other, _)| *other == name)
            .map_or(*reason, |(_, reason)| Some(*reason));
        assert_eq!(open(vector).err(), reason.map(Refusal::from), "{name}");
    }
}

#[test]
fn payloads_and_sealed_bytes_are_those_of_go() {
    let mut sealed = 0;
    for vector in corpus()["vectors"].as_array().unwrap() {
        let name = &vector["name"];
        let (Ok(opened), true) = (open(vector), vector["canonical"] == true) else {
            continue;
        };
        assert!(
            vector["payload_hex"].is_null() || opened.payload == hex(&vector["payload_hex"]),
            "{name}"
        );
        assert_eq!(
            Some(opened.issued_at),
            vector["created_unix"].as_u64(),
            "{name}"
        );
        let value = vector["cookie_value"].as_str().unwrap();
        let iv = if vector.get("block_key").is_some() {
            iv_of(value)
        } else {
            [0; 16]
        };
        let cookie_name = vector["cookie_name"].as_str().unwrap();
        assert_eq!(
            codec(vector).seal(cookie_name, &opened.payload, opened.issued_at, iv),
            value,
            "{name}"
        );
        sealed += 1;
    }
    assert_eq!(sealed, 59);
}

fn iv_of(value: &str) -> [u8; 16] {
    let token = URL_SAFE.decode(value).unwrap();
    let body = token.split(|byte| *byte == b'|').nth(1).unwrap();
    *URL_SAFE.decode(body).unwrap().first_chunk().unwrap()
}

proptest! {
    #[test]
    fn sealed_payloads_open(payload in prop::collection::vec(any::<u8>(), 1..600), block in prop::sample::select(vec![0_usize, 16, 24, 32]), iv in any::<[u8; 16]>()) {
        let codec = SecureCookie::new(KeyPair {
            hash: b"a key".to_vec().into(),
            block: (block > 0).then(|| vec![7; block].into()),
        });
        let value = codec.seal("name", &payload, 1000, iv);
        prop_assert_eq!(codec.open("name", value.as_bytes(), 1000, 1).ok().map(|opened| opened.payload), Some(payload));
        prop_assert_eq!(codec.open("other", value.as_bytes(), 1000, 1).err().map(Refusal::from), Some(Refusal::from(Reason::BadMac)));
    }
}
