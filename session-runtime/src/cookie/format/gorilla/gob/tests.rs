//! Values are as Go reads them, and bytes as Go writes them.

mod bounds;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{GoMap, GoValue, decode, encode};
use crate::cookie::format::gorilla::tests::{corpus, hex, is_gob, open};
use crate::error::Reason;

#[test]
fn an_unchanged_session_keeps_every_byte() {
    let mut checked = 0;
    for vector in corpus()["vectors"].as_array().unwrap() {
        if !is_gob(vector) || vector["canonical"] != true {
            continue;
        }
        let payload = open(vector).unwrap().payload;
        let session = decode(&payload).unwrap();
        let entries: Vec<_> = session.entries().collect();
        assert!(
            encode(&session, &entries).unwrap() == payload,
            "{}",
            vector["name"]
        );
        checked += 1;
    }
    assert_eq!(checked, 55);
}

#[test]
fn every_value_reads_as_go_says() {
    let mut checked = 0;
    for vector in corpus()["vectors"].as_array().unwrap() {
        let Some(entries) = vector["entries"]
            .as_array()
            .filter(|entries| is_gob(vector) && !entries.is_empty())
        else {
            continue;
        };
        let Ok(session) = open(vector)
            .and_then(|opened| Ok(decode(&opened.payload).map_err(|_| Reason::Payload)?))
        else {
            continue;
        };
        let read: Vec<_> = session.entries().collect();
        let expected = entries
            .iter()
            .filter(|entry| entry["key"]["type"] == "string");
        assert_eq!(read.len(), expected.clone().count(), "{}", vector["name"]);
        for ((key, stored), entry) in read.iter().zip(expected_in_order(&expected, &read)) {
            let what = format!("{} {key}", vector["name"]);
            match (stored, expected_value(&entry["value"])) {
                (GoValue::Json(json), Some(value)) => {
                    assert_eq!(
                        serde_json::from_str::<Value>(json).unwrap(),
                        value,
                        "{what}"
                    );
                }
                (stored, value) => assert_eq!((*stored, value), (GoValue::Foreign, None), "{what}"),
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 207);
}

/// The corpus sorts its entries; Go's maps have no order.
fn expected_in_order<'a>(
    expected: &(impl Iterator<Item = &'a Value> + Clone),
    read: &[(&str, GoValue<'_>)],
) -> Vec<&'a Value> {
    read.iter()
        .map(|(key, _)| {
            expected
                .clone()
                .find(|entry| entry["key"]["value"] == *key)
                .unwrap()
        })
        .collect()
}

fn expected_value(typed: &Value) -> Option<Value> {
    let value = &typed["value"];
    match typed["type"].as_str().unwrap() {
        "nil" => Some(Value::Null),
        "bool" | "[]bool" => Some(value.clone()),
        "string" => value.is_string().then(|| value.clone()),
        "[]byte" => Some(hex(&typed["value_hex"]).into()),
        "[]string" => Some(json!([])),
        "map[string]string" => Some(json!({})),
        "[]interface {}" => value.as_array().map(|list| {
            list.iter()
                .map(|typed| expected_value(typed).unwrap())
                .collect()
        }),
        float if float.starts_with("float") => serde_json::from_str::<f64>(value.as_str()?)
            .ok()
            .map(Value::from),
        int if int.contains("int") => Some(serde_json::from_str(value.as_str()?).unwrap()),
        _ => None,
    }
}

/// A new session with these values, as it is read from gob.
fn written(entries: &[(&str, &str)]) -> GoMap {
    rewritten(&GoMap::default(), entries).unwrap()
}

fn rewritten(session: &GoMap, entries: &[(&str, &str)]) -> Result<GoMap, String> {
    let entries: Vec<_> = entries
        .iter()
        .map(|(key, json)| (*key, GoValue::Json(json)))
        .collect();
    let gob = encode(session, &entries).map_err(|(key, why)| format!("{key}: {why}"))?;
    Ok(decode(&gob).unwrap())
}

#[test]
fn a_put_takes_the_natural_go_type() {
    let cases = [
        ("null", ""),
        ("true", "bool"),
        ("\"\"", "string"),
        ("0", "int"),
        ("-9223372036854775808", "int"),
        ("9223372036854775807", "int"),
        ("9223372036854775808", "uint64"),
        ("18446744073709551615", "uint64"),
        ("1.5", "float64"),
        ("-0.0", "float64"),
        ("3.0", "float64"),
        ("[]", "[]string"),
        ("[\"a\",\"\"]", "[]string"),
        ("[true,false]", "[]bool"),
        ("[1,2,255]", "[]int"),
        ("[1,18446744073709551615]", "[]uint64"),
        ("[0.5,2.0]", "[]float64"),
    ];
    for (json, go_type) in cases {
        let session = written(&[("k", json)]);
        assert_eq!(session.go_type("k"), Some(go_type), "{json}");
        assert_eq!(
            session.entries().collect::<Vec<_>>(),
            [("k", GoValue::Json(json))]
        );
    }
}

#[test]
fn a_fresh_session_is_written_as_go_writes_it() {
    let gob = encode(&GoMap::default(), &[("uid", GoValue::Json("\"42\""))]).unwrap();
    assert_eq!(gob, hex(&corpus()["vectors"][0]["payload_hex"]));
}

#[test]
fn what_go_cannot_read_is_refused_by_name() {
    let cases = [
        ("{}", "an object"),
        ("{\"a\":1}", "an object"),
        ("[[1]]", "a list of lists"),
        ("[{}]", "an object"),
        ("[null]", "a list with null in it"),
        ("[1,\"a\"]", "a list of several kinds"),
        ("[1,2.5]", "a list of several kinds"),
        ("[-1,18446744073709551615]", "a list of several kinds"),
        ("18446744073709551616", "an integer beyond 64 bits"),
        ("1e400", "a number beyond float64"),
        ("\"\\ud800\"", "a string of no valid Unicode"),
    ];
    for (json, why) in cases {
        let error = rewritten(&GoMap::default(), &[("ok", "1"), ("cart", json)]).unwrap_err();
        assert!(
            error.starts_with("cart: ") && error.ends_with(why),
            "{json}: {error}"
        );
    }
}

fn vector_session(name: &str) -> GoMap {
    let corpus = corpus();
    let vector = corpus["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|vector| vector["name"] == name)
        .unwrap();
    decode(&open(vector).unwrap().payload).unwrap()
}

#[test]
fn a_change_keeps_the_go_type_while_it_fits() {
    let cases = [
        ("value int32 70000", "-5", "int32"),
        ("value int32 70000", "2147483648", "int"),
        ("value int8 -128", "127", "int8"),
        ("value int8 -128", "128", "int"),
        ("value int64 min", "7", "int64"),
        ("value uint 300", "7", "uint"),
        ("value uint 300", "-7", "int"),
        ("value uint16 65535", "65536", "int"),
        ("value uint64 max", "1", "uint64"),
        ("value float32 0.1", "0.25", "float32"),
        ("value float32 0.1", "0.2", "float32"),
        ("value float32 0.1", "0.10000000149011612", "float64"),
        ("value float64 1.5", "3", "int"),
        ("value []byte", "[255,0]", "[]uint8"),
        ("value []byte", "[]", "[]uint8"),
        ("value []byte", "[256]", "[]int"),
        ("value []bool", "[]", "[]bool"),
        ("value []bool", "true", "bool"),
        ("value nil value", "\"x\"", "string"),
    ];
    for (vector, json, go_type) in cases {
        let session = rewritten(&vector_session(vector), &[("k", json)]).unwrap();
        assert_eq!(session.go_type("k"), Some(go_type), "{vector} <- {json}");
        assert_eq!(
            session.entries().collect::<Vec<_>>(),
            [("k", GoValue::Json(json))],
            "{vector} <- {json}"
        );
    }
}

#[test]
fn foreign_values_survive_a_write_with_their_types() {
    let session = vector_session("string after struct");
    let entries = [
        ("a", GoValue::Foreign),
        ("uid", GoValue::Json("43")),
        ("z", GoValue::Json("\"zz\"")),
        ("n", GoValue::Json("[1]")),
    ];
    let written = decode(&encode(&session, &entries).unwrap()).unwrap();
    assert_eq!(written.entries().collect::<Vec<_>>(), entries);
    assert_eq!(written.go_type("a"), Some("main.User"));

    let back: Vec<_> = session.entries().collect();
    let restored = encode(&written, &back).unwrap();
    assert_eq!(restored, encode(&session, &back).unwrap());
}

#[test]
fn a_key_that_is_no_text_survives_unless_the_session_is_made_anew() {
    let session = vector_session("mixed keys");
    assert_eq!(
        session.entries().map(|(key, _)| key).collect::<Vec<_>>(),
        ["s"]
    );
    let gob = encode(&session, &[]).unwrap();
    let untouched = encode(&session, &session.entries().collect::<Vec<_>>()).unwrap();
    assert_eq!(
        untouched.len() - gob.len(),
        25,
        "only 's' is gone, and a byte of the message's length"
    );
    assert_eq!(decode(&gob).unwrap().entries().count(), 0);
}

proptest! {
    #[test]
    fn random_sessions_round_trip(values in prop::collection::vec((".{0,12}", scalar_json()), 0..12)) {
        let mut entries: Vec<(String, String)> = Vec::new();
        for (key, json) in values {
            if !entries.iter().any(|(known, _)| *known == key) {
                entries.push((key, json));
            }
        }
        let stored: Vec<_> = entries.iter().map(|(key, json)| (key.as_str(), GoValue::Json(json))).collect();
        let gob = encode(&GoMap::default(), &stored).unwrap();
        let session = decode(&gob).unwrap();
        prop_assert_eq!(session.entries().collect::<Vec<_>>(), stored.clone());
        prop_assert_eq!(encode(&session, &stored).unwrap(), gob);
    }

    #[test]
    fn arbitrary_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }

    /// Damages real payloads, since most random bytes fail in the type definition.
    #[test]
    fn damaged_sessions_are_an_answer(which in 0_usize..110, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut payload = PAYLOADS.with(|payloads| payloads[which].clone());
        if payload.is_empty() {
            return Ok(());
        }
        let index = at.index(payload.len());
        payload[index] = byte;
        payload.truncate(cut.index(payload.len() * 4).max(1));
        if let Ok(session) = decode(&payload) {
            let entries: Vec<_> = session.entries().collect();
            let written = encode(&session, &entries).unwrap();
            let again = decode(&written).unwrap();
            prop_assert_eq!(again.entries().collect::<Vec<_>>(), entries);
        }
    }
}

thread_local! {
    static PAYLOADS: Vec<Vec<u8>> =
        corpus()["vectors"].as_array().unwrap().iter().map(|vector| hex(&vector["payload_hex"])).filter(|payload| payload.len() < 2000).chain(core::iter::repeat_with(Vec::new)).take(110).collect();
}

fn scalar_json() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<u64>().prop_map(|value| json!(value)),
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(|value| json!(value)),
        ".{0,20}".prop_map(|value| json!(value)),
        Just(Value::Null),
    ];
    let many = prop_oneof![
        prop::collection::vec(any::<bool>(), 0..5).prop_map(|value| json!(value)),
        prop::collection::vec(any::<i64>(), 0..5).prop_map(|value| json!(value)),
        prop::collection::vec(any::<u64>(), 0..5).prop_map(|value| json!(value)),
        prop::collection::vec(".{0,5}", 0..5).prop_map(|value| json!(value)),
    ];
    prop_oneof![one, many].prop_map(|value| value.to_string())
}
