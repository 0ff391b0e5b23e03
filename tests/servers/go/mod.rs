//! Sessions that go from a live Go service to this one and back, `main.go` built against Debian's packages.
//!
//! `SESSION_TEST_GO=1` runs it; Go missing is a failure then.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use session_runtime::{CookieStore, CookieStoreConfig, GorillaKeys, Record};

mod peer;
mod random;

use crate::support::is_asked_for;
use peer::{AES, Go, KEY, OLD, Seen, Shown};
use random::Random;

const SESSIONS: u64 = 10_000;

#[test]
fn sessions_go_to_rust_and_back_without_a_difference() {
    if !is_asked_for("SESSION_TEST_GO", "a live Go service") {
        return;
    }
    let mut go = Go::start();
    let ways = ways();
    let mut seen = BTreeMap::new();
    for number in 0..SESSIONS {
        let way = &ways[usize::try_from(number).unwrap() % ways.len()];
        round_trip(&mut go, way, &mut Random(number), &mut seen);
    }
    println!("{SESSIONS} sessions, values by Go type: {seen:?}");
    assert!(seen.len() >= 35, "every Go type was among them");
}

/// A way through the two services: the name under which Go makes the cookie, the one under which it reads it, and the
/// store between. The names are of one cookie.
struct Way {
    made: &'static str,
    read: &'static str,
    store: CookieStore,
}

fn ways() -> Vec<Way> {
    let config = |name: &str, key: &str| CookieStoreConfig::gorilla(name, key).with_max_size(4096);
    let path = |made, read, config| Way {
        made,
        read,
        store: CookieStore::new(config).unwrap(),
    };
    vec![
        path("plain", "plain", config("plain", KEY)),
        path(
            "aes128",
            "aes128",
            config("aes128", KEY).with_block_key(AES[0].as_bytes()),
        ),
        path(
            "aes192",
            "aes192",
            config("aes192", KEY).with_block_key(AES[1].as_bytes()),
        ),
        path(
            "aes256",
            "aes256",
            config("aes256", KEY).with_block_key(AES[2].as_bytes()),
        ),
        path(
            "rotated-old",
            "rotated",
            config("rotated", &format!("{KEY},{OLD}")),
        ),
        path(
            "secret-old",
            "secret",
            config("secret", KEY)
                .with_block_key(AES[2].as_bytes())
                .with_older_gorilla_keys(GorillaKeys::new(OLD).with_block_key(AES[0].as_bytes())),
        ),
    ]
}

fn round_trip(go: &mut Go, way: &Way, random: &mut Random, seen: &mut BTreeMap<String, u32>) {
    let entries: Vec<Value> = (0..random.below(7))
        .map(|number| random.entry(number))
        .collect();
    let (cookie, _) = go.ask(way.made, None, &json!(entries));
    // As Go itself reads it: gob makes an empty list nil.
    let pair = cookie.as_ref().map(|value| format!("{}={value}", way.read));
    let (_, before) = go.ask(way.read, pair.as_deref(), &json!([]));
    let mut record = match &cookie {
        Some(cookie) => way.store.open_value(cookie.as_bytes()).unwrap(),
        None => way.store.new_record().unwrap(),
    };
    let mut expected = BTreeMap::new();
    for (key, shown) in &before {
        *seen.entry(shown.r#type.clone()).or_default() += 1;
        // "int 42" is a key that is no string.
        if key != "int 42" {
            assert_reads(&record, key, shown);
        }
        expected.insert(key.clone(), Expected::Same(shown.clone()));
    }
    assert_eq!(
        record.keys().len(),
        before.keys().filter(|key| *key != "int 42").count()
    );
    change(&mut record, &before, &mut expected, random);
    let sealed = way.store.seal(&record).unwrap();
    let pair = sealed.to_str().unwrap().split(';').next().unwrap();
    let value = pair.split_once('=').unwrap().1;
    let (_, after) = go.ask(way.read, Some(&format!("{}={value}", way.read)), &json!([]));
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    for (key, shown) in &after {
        match &expected[key] {
            Expected::Same(before) => assert_eq!(before, shown, "{key}"),
            Expected::Put { go_type, json } => {
                assert_eq!(&shown.r#type, go_type, "{key} <- {json}");
                assert!(
                    same(&readable(shown).unwrap(), json),
                    "{key} <- {json}: {shown:?}"
                );
            }
        }
    }
}

enum Expected {
    Same(Seen),
    Put { go_type: String, json: Value },
}

/// What JSON says of a value, as this side should read it; `None` where it can't.
fn readable(shown: &Seen) -> Option<Value> {
    match shown.r#type.as_str() {
        "[]uint8" => {
            let bytes = BASE64_STANDARD
                .decode(shown.json.as_str().unwrap_or_default())
                .unwrap();
            Some(json!(bytes))
        }
        "complex128" | "main.User" | "[]main.User" | "time.Time" => None,
        "float64" if shown.go == "NaN" => None,
        list if list.starts_with('[') && shown.json.is_null() => Some(json!([])),
        _ => Some(shown.json.clone()),
    }
}

fn assert_reads(record: &Record, key: &str, shown: &Seen) {
    match (record.get::<Value>(key), readable(shown)) {
        (Ok(Some(read)), Some(value)) => assert!(same(&read, &value), "{key}: {read} is {shown:?}"),
        (Err(error), None) => assert!(
            error.to_string().contains("a Go value without a JSON form"),
            "{error}"
        ),
        (read, value) => panic!("{key}: {read:?} is {value:?}, {shown:?}"),
    }
}

/// Equal, where Go prints a float without its fraction.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        _ => left == right,
    }
}

fn change(
    record: &mut Record,
    before: &Shown,
    expected: &mut BTreeMap<String, Expected>,
    random: &mut Random,
) {
    for key in before.keys().filter(|key| *key != "int 42") {
        match random.below(4) {
            0 => {
                assert!(record.del(key).unwrap());
                expected.remove(key);
            }
            1 => put(record, key, Some(&before[key].r#type), expected, random),
            _ => {}
        }
    }
    if random.below(2) == 0 {
        put(record, "from rust", None, expected, random);
    }
}

fn put(
    record: &mut Record,
    key: &str,
    had: Option<&str>,
    expected: &mut BTreeMap<String, Expected>,
    random: &mut Random,
) {
    let small = json!(random.below(100));
    let negative = json!(-1 - i64::try_from(random.below(100)).unwrap());
    let (natural, fits, json) = match random.below(12) {
        0 => ("int", "int uint", small),
        1 => ("int", "int", negative),
        2 => ("uint64", "64", json!(u64::MAX - random.below(9))),
        3 => ("float64", "float", json!(0.25)),
        4 => ("float64", "float64", json!(random.float())),
        5 => ("string", "string", json!(random.text())),
        6 => ("bool", "bool", json!(random.below(2) == 0)),
        7 => ("<nil>", "", Value::Null),
        8 => ("[]int", "[]int []uint", json!([small, 7, 0])),
        9 => ("[]string", "[]string", json!([random.text(), ""])),
        10 => ("[]float64", "[]float", json!([0.5, -2.25])),
        _ => ("[]string", "[]", json!([])),
    };
    record.put(key, &json).unwrap();
    let kept = had.filter(|had| keeps(had, fits));
    let go_type = kept.unwrap_or(natural).to_owned();
    expected.insert(key.to_owned(), Expected::Put { go_type, json });
}

/// Whether a value stays in the Go type that its key had, by the beginnings of the types that it fits.
fn keeps(had: &str, fits: &str) -> bool {
    let is_basic = !had.contains("main.") && !had.contains("interface") && !had.starts_with("map[");
    match fits {
        "64" => ["uint", "uint64", "uintptr"].contains(&had),
        "[]" => had.starts_with("[]") && is_basic,
        _ => {
            is_basic
                && fits
                    .split(' ')
                    .any(|start| !start.is_empty() && had.starts_with(start))
        }
    }
}
