//! The cookie codec against the corpus of an independent implementation of format v1.

use std::time::{Duration, UNIX_EPOCH};

use http::header::{COOKIE, HeaderMap, HeaderValue};
use session_runtime::{CookieStore, CookieStoreConfig};

use crate::corpus::{Vector, bytes, corpus, key_text};

fn store(vector: &Vector) -> CookieStore {
    let now = UNIX_EPOCH + Duration::from_secs(vector.now);
    CookieStore::new(vector.config())
        .expect("a good configuration")
        .with_clock(move || now)
}

fn open(store: &CookieStore, value: &[u8]) -> &'static str {
    store
        .open_value(value)
        .map_or_else(session_runtime::Refusal::as_str, |_| "accept")
}

#[test]
fn every_vector_is_judged_as_by_the_reference() {
    let corpus = corpus();
    let mut run = 0;
    for vector in &corpus.vectors {
        let found = open(&store(vector), &bytes(&vector.value_hex));
        let by_payload = vector.cls.starts_with("payload_") && found == "payload";
        assert!(
            found == vector.expect || by_payload,
            "{}: {found}, not {}",
            vector.id,
            vector.expect
        );
        run += 1;
    }
    assert!(run >= VECTORS, "only {run} vectors are left");
}

const VECTORS: usize = 449;

#[test]
fn accepted_payloads_hold_what_the_reference_put_into_them() {
    let mut read = 0;
    for vector in &corpus().vectors {
        let payload = vector.payload_hex.as_deref().map(bytes).unwrap_or_default();
        let Ok(serde_json::Value::Object(payload)) = serde_json::from_slice(&payload) else {
            continue;
        };
        if vector.cls.starts_with("payload_") {
            continue;
        }
        let record = store(vector)
            .open_value(&bytes(&vector.value_hex))
            .expect("accepted");
        let names: Vec<String> = payload.keys().cloned().collect();
        assert_eq!(record.keys(), names, "{}", vector.id);
        for (name, value) in &payload {
            assert_eq!(
                record.get(name).expect("JSON").as_ref(),
                Some(value),
                "{}",
                vector.id
            );
        }
        read += 1;
    }
    assert!(read >= 35, "only {read} payloads are left");
}

#[test]
fn hostile_payloads_fail_alone_or_as_a_whole_but_never_panic() {
    let corpus = corpus();
    let record = |cls: &str| {
        let vector = corpus
            .vectors
            .iter()
            .find(|vector| vector.cls == cls)
            .expect("in the corpus");
        store(vector).open_value(&bytes(&vector.value_hex))
    };
    for whole in [
        "payload_depth_1400",
        "payload_same_key_twice",
        "payload_not_utf8",
        "payload_trailing",
        "payload_array",
        "payload_reserved_junk",
        "payload_reserved_deadline_text",
    ] {
        assert_eq!(
            record(whole).expect_err(whole).as_str(),
            "payload",
            "{whole}"
        );
    }
    for (cls, key) in [("payload_big_number", "n"), ("payload_lone_surrogate", "s")] {
        let record = record(cls).expect(cls);
        let error = record.get::<f64>(key).expect_err(cls);
        assert_eq!(error.key(), Some(key));
        let text = record.get::<String>(key).expect_err(cls);
        assert_eq!(text.key(), Some(key));
    }
    assert_eq!(
        record("payload_nul")
            .expect("opens")
            .get::<String>("s")
            .ok(),
        Some(Some("\0".into()))
    );
    assert!(record("payload_empty").expect("opens").keys().is_empty());
    assert_eq!(
        record("payload_deadlines").expect("opens").keys(),
        ["a", "b"]
    );
    assert_eq!(
        record("payload_deadline_of_nobody").expect("opens").keys(),
        ["a"]
    );
    assert!(
        record("payload_deadline_negative")
            .expect("opens")
            .keys()
            .is_empty()
    );
    assert!(
        record("payload_depth_127")
            .expect("opens")
            .get::<serde_json::Value>("a")
            .is_ok()
    );
}

fn panic_unless(expected: bool) -> bool {
    assert!(expected, "a header value that this HTTP library refuses");
    expected
}

/// Every case of one operation on `base`.
fn mutations(op: &str, base: &[u8], mut case: impl FnMut(&[u8])) {
    let len = base.len();
    let mut changed = base.to_vec();
    match op {
        "flip_every_bit" => {
            for (at, bit) in (0..len).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                changed[at] ^= 1 << bit;
                case(&changed);
                changed[at] = base[at];
            }
        }
        "truncate_head_and_tail_every_length" => {
            (0..len).for_each(|end| case(&base[..end]));
            (1..len).for_each(|start| case(&base[start..]));
        }
        "insert_every_byte_at_head_middle_tail" => {
            for (at, byte) in [0, len / 2, len]
                .into_iter()
                .flat_map(|at| (0..=255).map(move |byte| (at, byte)))
            {
                let mut longer = base.to_vec();
                longer.insert(at, byte);
                case(&longer);
            }
        }
        "replace_every_byte_with_every_byte" => {
            for (at, byte) in (0..len).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
                if byte != base[at] {
                    changed[at] = byte;
                    case(&changed);
                }
                changed[at] = base[at];
            }
        }
        unknown => panic!("the corpus has an operation that this test does not know: {unknown}"),
    }
}

#[test]
fn no_mutation_of_a_valid_value_is_accepted() {
    let corpus = corpus();
    let mut run = 0;
    for operation in &corpus.ops {
        let base = corpus
            .vectors
            .iter()
            .find(|vector| vector.id == operation.base);
        let base = base.expect("the base is in the corpus");
        let store = store(base);
        let mut cases = 0;
        mutations(&operation.op, &bytes(&base.value_hex), |value| {
            assert_ne!(
                open(&store, value),
                "accept",
                "{} of {}",
                operation.op,
                base.id
            );
            cases += 1;
        });
        assert_eq!(cases, operation.cases, "{} of {}", operation.op, base.id);
        run += cases;
    }
    assert!(run >= MUTATIONS, "only {run} mutations are left");
}

const MUTATIONS: usize = 526_722;

#[test]
fn every_header_is_read_as_by_the_reference() {
    let corpus = corpus();
    let now = UNIX_EPOCH + Duration::from_secs(corpus.now);
    let config = CookieStoreConfig::new(&corpus.name, key_text(core::slice::from_ref(&corpus.key)))
        .with_absolute_max_age(None);
    let store = CookieStore::new(config)
        .expect("a good configuration")
        .with_clock(move || now);
    for header in &corpus.headers {
        let mut headers = HeaderMap::new();
        for field in &header.fields_hex {
            match HeaderValue::from_bytes(&bytes(field)) {
                Ok(field) => headers.append(COOKIE, field),
                // No HTTP library lets a vertical tab through; the scanner's own test has this case.
                Err(_) => panic_unless(header.id == "vertical_tab_in_name"),
            };
        }
        let found = store
            .open(&headers)
            .map_or_else(session_runtime::Refusal::as_str, |_| "accept");
        assert_eq!(found, header.expect, "{}", header.id);
    }
    assert!(
        corpus.headers.len() >= 29,
        "only {} headers are left",
        corpus.headers.len()
    );
}
