//! What each fuzz target promises, for any bytes: shared by the fuzzer and by the test that replays the seeds.
#![allow(dead_code, missing_docs, unreachable_pub)]

mod browser;

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{COOKIE, HeaderMap, HeaderValue};
use serde_json::Value;
use serde_json::value::RawValue;
use session_runtime::{CookieStore, CookieStoreConfig, Record, Refusal};
use sha2::Sha256;

const NAME: &str = "sid";
const NOW: u64 = 1_795_000_000;
const MASTER: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn config() -> CookieStoreConfig {
    CookieStoreConfig::new(NAME, BASE64_URL_SAFE.encode(MASTER))
}

fn store(config: CookieStoreConfig) -> CookieStore {
    CookieStore::new(config)
        .expect("a good configuration")
        .with_clock(now)
}

fn mac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    for part in message {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A signed token over any payload, written after the format's description and not with the crate's code.
fn sign(payload: &[u8]) -> String {
    let prk = mac(&[0; 32], &[MASTER]);
    let kid = mac(&prk, &[b"session-runtime/v1/kid\0", &[1]]);
    let key = mac(
        &prk,
        &[
            b"session-runtime/v1/sig\0",
            &[0, 3],
            NAME.as_bytes(),
            &[0, 0],
            &[1],
        ],
    );
    let mut token = vec![1];
    token.extend_from_slice(&kid[..4]);
    token.extend_from_slice(&NOW.to_be_bytes()[3..]);
    token.extend_from_slice(&0_u32.to_be_bytes());
    token.extend_from_slice(&3600_u32.to_be_bytes());
    token.extend_from_slice(&[7; 16]);
    token.extend_from_slice(payload);
    let tag = mac(&key, &[&token]);
    token.extend_from_slice(&tag);
    BASE64_URL_SAFE_NO_PAD.encode(token)
}

/// The scanner agrees with a plain one. A `@` in the data stands for a good pair, a `\n` separates fields.
pub fn header(data: &[u8]) {
    let good = sign(b"{}");
    let pair = format!("{NAME}={good}");
    let text: Vec<u8> = data
        .iter()
        .flat_map(|byte| {
            if *byte == b'@' {
                pair.as_bytes()
            } else {
                core::slice::from_ref(byte)
            }
            .to_vec()
        })
        .collect();
    let mut headers = HeaderMap::new();
    let mut fields = Vec::new();
    for field in text.split(|byte| *byte == b'\n').take(1_000) {
        if let Ok(value) = HeaderValue::from_bytes(field) {
            headers.append(COOKIE, value);
            fields.push(field);
        }
    }
    let pairs: Vec<&[u8]> = fields
        .iter()
        .flat_map(|field| field.split(|byte| *byte == b';'))
        .collect();
    let values: HashSet<&[u8]> = pairs.iter().filter_map(|pair| plain_value(pair)).collect();
    let expected =
        if fields.iter().map(|field| field.len()).sum::<usize>() > 16 * 1024 || pairs.len() > 256 {
            "too_long"
        } else if values.is_empty() {
            "missing"
        } else if values.len() > 4 {
            "duplicate"
        } else if values.contains(good.as_bytes()) {
            "accept"
        } else {
            "another refusal"
        };
    let found = store(config()).open(&headers);
    let found = found.map_or_else(Refusal::as_str, |_| "accept");
    if expected == "another refusal" {
        assert!(
            !["accept", "missing", "duplicate"].contains(&found),
            "{found}"
        );
    } else {
        assert_eq!(found, expected);
    }
}

fn plain_value(pair: &[u8]) -> Option<&[u8]> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = pair.iter().position(|byte| !is_space(byte))?;
    let end = pair.iter().rposition(|byte| !is_space(byte))?;
    let pair = &pair[start..=end];
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    (&pair[..equals] == NAME.as_bytes()).then_some(&pair[equals + 1..])
}

/// No value but the one that was sealed is accepted, in either mode. The data are the value, or edits of a good one.
pub fn open(data: &[u8]) {
    for encrypted in [false, true] {
        let store = store(config().with_encrypted(encrypted));
        assert!(store.open_value(data).is_err(), "a forgery");
        let mut record = store.new_record().expect("random bytes");
        record.put("uid", 123).expect("it fits");
        let sealed = store.seal(&record).expect("it fits");
        let good = browser::parse(sealed.as_bytes()).expect("a cookie").value;
        assert!(store.open_value(&good).is_ok());
        let mut edited = good.clone();
        for edit in data.chunks_exact(3).take(64) {
            let at = usize::from(u16::from_be_bytes([edit[0], edit[1]]) >> 2);
            match edit[1] & 3 {
                0 => edited.insert(at % (edited.len() + 1), edit[2]),
                1 if !edited.is_empty() => drop(edited.remove(at % edited.len())),
                _ => {
                    let at = at % edited.len().max(1);
                    edited
                        .iter_mut()
                        .skip(at)
                        .take(1)
                        .for_each(|byte| *byte = edit[2]);
                }
            }
        }
        assert_eq!(
            store.open_value(&edited).is_ok(),
            edited == good,
            "a forgery, or a refusal without a reason"
        );
    }
}

/// A signed payload is read exactly where `serde_json` reads an object without a key twice, and each key as it does.
pub fn payload(data: &[u8]) {
    let value = sign(data);
    if value.len() > 4096 {
        return;
    }
    let store = store(config());
    let expected = members(data);
    match (store.open_value(value.as_bytes()), expected) {
        (Ok(record), Some(members)) => same(&store, &record, &members),
        (Err(refusal), None) => assert_eq!(refusal.as_str(), "payload"),
        (Ok(_), None) => panic!("read what serde_json does not"),
        (Err(refusal), Some(_)) => panic!("{refusal}: refused what serde_json reads"),
    }
}

/// Names with raw values, and names with deadlines.
type Members = (Vec<(String, Box<RawValue>)>, Vec<(String, i64)>);

/// Reads the members plainly; `None` where it is no session payload.
fn members(data: &[u8]) -> Option<Members> {
    if data.is_empty() {
        return Some(Default::default());
    }
    let mut members: Vec<(String, Box<RawValue>)> = pairs(core::str::from_utf8(data).ok()?)?;
    let at = members.iter().position(|(name, _)| name == "~");
    let deadlines = at.map(|at| pairs::<i64>(members.remove(at).1.get()));
    let deadlines = match deadlines {
        Some(deadlines) => deadlines?,
        None => Vec::new(),
    };
    Some((members, deadlines))
}

fn pairs<T: for<'de> serde::Deserialize<'de>>(text: &str) -> Option<Vec<(String, T)>> {
    struct Pairs<T>(Vec<(String, T)>);
    impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Pairs<T> {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Visit<T>(core::marker::PhantomData<T>);
            impl<'de, T: serde::Deserialize<'de>> serde::de::Visitor<'de> for Visit<T> {
                type Value = Vec<(String, T)>;
                fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Self::Value, A::Error> {
                    let mut found = Vec::new();
                    while let Some(pair) = map.next_entry()? {
                        found.push(pair);
                    }
                    Ok(found)
                }
            }
            from.deserialize_map(Visit(core::marker::PhantomData))
                .map(Self)
        }
    }
    let Pairs(found) = serde_json::from_str(text).ok()?;
    let names: HashSet<&String> = found.iter().map(|(name, _)| name).collect();
    (names.len() == found.len()).then_some(found)
}

fn same(store: &CookieStore, record: &Record, members: &Members) {
    let (members, deadlines) = members;
    let is_live = |name: &str| {
        let deadline = deadlines.iter().find(|(other, _)| other == name);
        deadline.is_none_or(|(_, at)| i64::try_from(NOW).is_ok_and(|now| now < *at))
    };
    let live: Vec<_> = members.iter().filter(|(name, _)| is_live(name)).collect();
    let names: Vec<String> = live.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(record.keys(), names);
    for (name, raw) in live {
        let expected: Option<Value> = serde_json::from_str(raw.get()).ok();
        assert_eq!(record.get::<Value>(name).ok().flatten(), expected, "{name}");
    }
    if let Ok(sealed) = store.seal(record) {
        let value = browser::parse(sealed.as_bytes()).expect("a cookie").value;
        assert_eq!(store.open_value(&value).expect("sealed").keys(), names);
    }
}

/// What is put comes back, through either mode, and what is deleted does not. Each line of the data is a step.
pub fn round_trip(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for encrypted in [false, true] {
        let store = store(config().with_encrypted(encrypted));
        let mut record = store.new_record().expect("random bytes");
        let mut model: Vec<(String, Value)> = Vec::new();
        for step in text.lines() {
            let (name, value) = step.split_once('=').unwrap_or((step, ""));
            let at = model.iter().position(|(other, _)| other == name);
            let Ok(value) = serde_json::from_str::<Value>(value) else {
                assert_eq!(record.del(name).expect("no error"), at.is_some());
                at.map(|at| model.remove(at));
                continue;
            };
            match (record.put(name, &value), at) {
                (Err(_), _) => assert!(name.starts_with('~')),
                (Ok(()), Some(at)) => model[at].1 = value,
                (Ok(()), None) => model.push((name.to_owned(), value)),
            }
        }
        let Ok(sealed) = store.seal(&record) else {
            return;
        };
        let value = browser::parse(sealed.as_bytes()).expect("a cookie").value;
        assert!(NAME.len() + value.len() <= 4096);
        let opened = store.open_value(&value).expect("just sealed");
        let names: Vec<&String> = model.iter().map(|(name, _)| name).collect();
        assert_eq!(opened.keys().iter().collect::<Vec<_>>(), names);
        for (name, value) in &model {
            assert_eq!(
                opened.get::<Value>(name).expect("JSON").as_ref(),
                Some(value)
            );
        }
    }
}

/// A browser takes from `Set-Cookie` what the configuration says and nothing else. The lines of the data are name,
/// domain, path, seconds and flags.
pub fn set_cookie(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default().to_owned();
    let (name, domain, path, seconds, flags) = (line(), line(), line(), line(), line());
    let seconds = seconds.parse().unwrap_or(3_600);
    let mut config = CookieStoreConfig::new(&name, BASE64_URL_SAFE.encode(MASTER))
        .with_path(&path)
        .with_max_age(Duration::from_secs(seconds))
        .with_absolute_max_age(None)
        .with_http_only(flags.contains('h'))
        .with_secure(flags.contains('s'))
        .with_partitioned(flags.contains('p'));
    config.domain = (!domain.is_empty()).then(|| domain.clone());
    let Ok(store) = CookieStore::new(config) else {
        return;
    };
    let sealed = store
        .seal(&store.new_record().expect("random bytes"))
        .expect("an empty one fits");
    for (cookie, is_removal) in [(sealed, false), (store.remove(), true)] {
        let cookie = browser::parse(cookie.as_bytes()).expect("a browser takes it");
        assert_eq!(cookie.name, name.as_bytes());
        assert_eq!(cookie.value.is_empty(), is_removal);
        assert_eq!(cookie.path.as_deref(), Some(path.trim_matches([' ', '\t'])));
        let bare = domain
            .strip_prefix('.')
            .unwrap_or(&domain)
            .to_ascii_lowercase();
        assert_eq!(cookie.domain, (!bare.is_empty()).then_some(bare));
        assert_eq!(cookie.http_only, flags.contains('h'));
        assert_eq!(cookie.secure, flags.contains('s'));
        assert_eq!(cookie.partitioned, flags.contains('p'));
        let max_age = if is_removal {
            Some(0)
        } else {
            (seconds > 0).then_some(seconds)
        };
        assert_eq!(cookie.max_age, max_age.map(|seconds| seconds.to_string()));
    }
}

/// Whatever a Go service signs opens or is refused, and what opens can be read and written again.
pub fn gob(data: &[u8]) {
    let key = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=";
    let store = store(CookieStoreConfig::gorilla(NAME, key));
    let body = BASE64_URL_SAFE.encode(data);
    let signed = format!("{NAME}|{NOW}|{body}");
    let mut token = format!("{NOW}|{body}|").into_bytes();
    token.extend_from_slice(&mac(key.as_bytes(), &[signed.as_bytes()]));
    let value = BASE64_URL_SAFE.encode(token);
    if let Ok(mut record) = store.open_value(value.as_bytes()) {
        for name in record.keys() {
            let _unreadable = record.get::<Value>(&name);
        }
        let _refused = record.put("n", 1);
        if let Ok(sealed) = store.seal(&record) {
            let value = browser::parse(sealed.as_bytes()).expect("a cookie").value;
            let again = store.open_value(&value).expect("just sealed");
            assert_eq!(again.get::<i64>("n").expect("a number"), Some(1));
        }
    }
}
