use core::time::Duration;

use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Buffer, COMPARED, Span, index};
use crate::lifetime::Lifetime;

/// Name, raw value, deadline.
type Found = Vec<(String, String, Option<u64>)>;

/// What the index finds between two bytes that are no part of the payload.
fn found(payload: &[u8]) -> Option<Found> {
    let bytes = [b"\x01", payload, b"\""].concat();
    let place = Span::new(1, bytes.len() - 1);
    let buffer = Buffer::new(bytes);
    let (fields, _) = index(&buffer, place).ok()?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the payload is text");
    let fields = fields.iter().map(|field| {
        let value = text(buffer.get(field.value));
        (text(field.name(&buffer)), value, field.deadline())
    });
    Some(fields.collect())
}

/// The members of an object as `serde_json` sees them, repeated ones too.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Members;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Visit)
    }
}

fn members(text: &str) -> Option<Vec<(String, Box<RawValue>)>> {
    let Members(members) = serde_json::from_str(text).ok()?;
    let repeats = (1..members.len()).any(|at| {
        let (earlier, later) = members.split_at(at);
        earlier.iter().any(|member| member.0 == later[0].0)
    });
    (!repeats).then_some(members)
}

fn expected(payload: &[u8]) -> Option<Found> {
    if payload.is_empty() {
        return Some(Found::new());
    }
    let mut pairs = members(core::str::from_utf8(payload).ok()?)?;
    let at = pairs.iter().position(|(name, _)| name == "~");
    let deadlines = match at {
        Some(at) => members(pairs.remove(at).1.get())?,
        None => Vec::new(),
    };
    for (_, number) in &deadlines {
        number.get().parse::<i64>().ok()?;
    }
    let deadline = |name: &str| {
        let found = deadlines.iter().find(|(other, _)| other == name);
        found.map(|(_, at)| at.get().parse().unwrap_or(0))
    };
    let found = pairs.into_iter().map(|(name, value)| {
        let deadline = deadline(&name);
        (name, value.get().to_owned(), deadline)
    });
    Some(found.collect())
}

fn agrees(payload: &[u8]) {
    let text = String::from_utf8_lossy(payload);
    assert_eq!(found(payload), expected(payload), "{text}");
}

fn payload() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        4 => "[a-c]".prop_map(|name| format!("\"{name}\"")),
        1 => Just(r#""~""#.to_owned()),
        2 => r#""([a-bé~]|\\u00(61|7[Ee])|\\["n]|\\ud8[0-3]d\\ude0[0-9]|\\ud800){0,2}""#,
    ];
    let entry = (name.clone(), "-?[1-9][0-9]{0,3}( |\\.0)?");
    let entry = entry.prop_map(|(name, at)| format!("{name}:{at}"));
    let deadlines =
        prop::collection::vec(entry, 0..4).prop_map(|all| format!("{{{}}}", all.join(",")));
    let value = prop_oneof![
        3 => "[1-9]{1,2}".prop_map(String::from),
        1 => Just(r#"["x",{"~":{}}]"#.to_owned()),
        3 => deadlines,
    ];
    let member = ("[ \n]?", name, "[ \t]?", value)
        .prop_map(|(a, name, b, value)| a + &name + &b + ":" + &value + &b);
    prop::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(",")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_payload_is_read_exactly_where_serde_json_reads_an_object(text in payload()) {
        agrees(text.as_bytes());
    }

    #[test]
    fn so_is_a_broken_one(text in payload(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut text = text.into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        agrees(&text);
        text.truncate(at);
        agrees(&text);
    }
}

#[test]
fn only_objects_are_payloads_and_nothing_is_the_empty_one() {
    assert_eq!(found(b""), Some(Found::new()));
    for text in [
        "{}", " {} ", "{\n}", "[]", "1", "null", "\"a\"", " ", "{}{}", "{} 1", "{", "}", "{]", "[}",
    ] {
        agrees(text.as_bytes());
    }
    agrees(b"{\"\xff\":1}");
    agrees(b"{\"a\":\"\xc3\"}");
}

#[test]
fn a_key_twice_is_no_payload_among_few_and_among_many() {
    for count in [1, 2, COMPARED - 1, COMPARED, COMPARED + 1, 3 * COMPARED] {
        let members: Vec<String> = (0..count).map(|i| format!("\"k{i}\":{i}")).collect();
        let text = members.join(",");
        agrees(format!("{{{text}}}").as_bytes());
        assert!(found(format!("{{{text}}}").as_bytes()).is_some());
        for repeated in [
            "\"k0\":7",
            "\"\\u006b0\":7",
            &format!("\"k{}\":7", count - 1),
        ] {
            assert_eq!(
                found(format!("{{{text},{repeated}}}").as_bytes()),
                None,
                "{count} {repeated}"
            );
            assert_eq!(
                found(format!("{{{repeated},{text}}}").as_bytes()),
                None,
                "{count} {repeated}"
            );
        }
    }
}

#[test]
fn keys_are_found_however_far_into_a_long_text() {
    for len in [10, 65_490, 65_520, 65_530, 65_536, 70_000] {
        let long = "x".repeat(len);
        agrees(format!(r#"{{"a":1,"long":"{long}","b":2,"c":"{long}","d":3}}"#).as_bytes());
    }
}

#[test]
fn strings_end_at_their_quote_wherever_it_stands_among_eight_bytes() {
    let ends = [
        "\"",
        "\\\"\"",
        "\\\\\"",
        "\u{1f}\"",
        "\u{7f}\"",
        "é\"",
        "\\u00e9\"",
        "",
    ];
    for before in 0..20 {
        for end in ends {
            let string = format!("\"{}{end}", "n".repeat(before));
            agrees(format!("{{{string}:1}}").as_bytes());
            agrees(format!("{{\"a\":{string},\"b\":2}}").as_bytes());
            agrees(format!("{{\"a\":[{string}]}}").as_bytes());
        }
    }
}

#[test]
fn deadlines_are_an_object_of_integers() {
    let deadline = |text: &str| {
        let found = found(format!(r#"{{"a":1,"~":{{"a":{text}}}}}"#).as_bytes())?;
        Some(found[0].2)
    };
    for (text, expected) in [
        ("0", 0),
        ("-0", 0),
        ("-1", 0),
        ("-99999999999999999999", 0),
        ("1795000900", 1_795_000_900),
        ("9223372036854775807", i64::MAX as u64),
        ("9223372036854775808", i64::MAX as u64),
        ("18446744073709551616", i64::MAX as u64),
        ("99999999999999999999999999999999999999999", i64::MAX as u64),
    ] {
        assert_eq!(deadline(text), Some(Some(expected)), "{text}");
    }
    for text in [
        "1.0", "1e3", "-1.5", "\"1\"", "null", "true", "[]", "{}", "\"\"", "", "01", "-",
    ] {
        assert_eq!(deadline(text), None, "{text}");
    }
    for text in [
        "1",
        "null",
        "[]",
        "[1]",
        "\"a\"",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\ud800\":1}",
        "{",
    ] {
        assert_eq!(
            found(format!(r#"{{"a":1,"~":{text}}}"#).as_bytes()),
            None,
            "{text}"
        );
    }
    for twice in [r#"{"~":{},"~":{}}"#, r#"{"~":{},"\u007e":{}}"#] {
        assert_eq!(found(twice.as_bytes()), None);
    }
    agrees(br#"{"~":{"a":1},"a":1,"b":2}"#);
    agrees(br#"{"b":2,"\u007E":{"b":5,"gone":7},"\u0061":1}"#);
}

#[test]
fn the_lifetime_stands_among_the_deadlines_and_is_no_key() {
    let read = |payload: &str| {
        let buffer = Buffer::new(payload.as_bytes().to_vec());
        let read = index(&buffer, Span::new(0, payload.len()));
        read.ok().map(|(fields, lifetime)| (fields.len(), lifetime))
    };
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    for (payload, expected) in [
        (r#"{"a":1}"#, Lifetime::Configured),
        (r#"{"a":1,"~":{"a":5}}"#, Lifetime::Configured),
        (r#"{"a":1,"~":{"~life":43200}}"#, Lifetime::For(hours(12))),
        (
            r#"{"a":1,"~":{"a":5,"~life":-7200}}"#,
            Lifetime::Browser(hours(2)),
        ),
        (
            r#"{"~":{"\u007elife":3600},"a":1}"#,
            Lifetime::For(hours(1)),
        ),
        (r#"{"a":1,"~":{"~life":0}}"#, Lifetime::Configured),
    ] {
        assert_eq!(read(payload), Some((1, expected)), "{payload}");
    }
    for bad in [
        r#"{"~":{"~life":"1"}}"#,
        r#"{"~":{"~life":1.5}}"#,
        r#"{"~":{"~life":1,"~life":1}}"#,
    ] {
        assert_eq!(read(bad), None, "{bad}");
    }
}
