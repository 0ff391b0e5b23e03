mod sizes;
mod steps;

use std::time::{Duration, UNIX_EPOCH};

use super::edit::Undo;
use super::find::LATEST;
use super::write::digits;
use super::{Record, Stamp, encode, time};
use crate::error::Error;
use crate::id::SessionId;
use crate::key::{Key, KeyInfo};
use crate::lifetime::Lifetime;
use crate::time::seconds;

const NOW: u64 = 1_000;

const PLAIN: KeyInfo = KeyInfo::new("a");
const BRIEF: KeyInfo = KeyInfo::new("b").with_ttl(Duration::from_secs(60));
const NAMED: KeyInfo = KeyInfo::new("c").with_aliases(&["d", "a", "c", "e\""]);
const SHOWN: KeyInfo = KeyInfo::new("e\"").flash().with_aliases(&["b"]);
const NEVER: KeyInfo = KeyInfo::new("d").with_ttl(Duration::MAX);
const KEYS: [KeyInfo; 5] = [PLAIN, BRIEF, NAMED, SHOWN, NEVER];

fn stamp() -> Stamp {
    Stamp {
        id: SessionId::from_bytes([7; 16]),
        born: NOW - 300,
        issued_at: NOW - 100,
        lifetime: 600,
        expires_at: NOW + 500,
        sid: SessionId::from_bytes([7; 16]),
        due_at: NOW,
        outdated: false,
        ahead: false,
        longest: u64::MAX,
        has_id: true,
    }
}

fn record(payload: &str) -> Record {
    let base = payload.as_bytes().to_vec();
    Record::parse(stamp(), base, 0..payload.len(), NOW).expect("a payload")
}

fn written(record: &Record, now: u64) -> String {
    let mut text = Vec::new();
    record.write(now, &mut text);
    assert_eq!(text.len(), record.payload_len(now), "{record:?}");
    String::from_utf8(text).expect("JSON")
}

/// All that can be told of a record from outside.
#[derive(Debug, PartialEq)]
struct State {
    written: String,
    written_later: String,
    keys: Vec<String>,
    is_changed: bool,
    /// What a read of each of [`KEYS`] sees.
    seen: [Option<Vec<u8>>; KEYS.len()],
}

fn state(record: &Record) -> State {
    State {
        written: written(record, NOW),
        written_later: written(record, NOW + 60),
        keys: record.keys(),
        is_changed: record.is_changed(),
        seen: KEYS.map(|info| {
            let raw = record.raw(info.name(), Some(&info));
            raw.map(|raw| raw.bytes().to_vec())
        }),
    }
}

fn put(record: &mut Record, name: &str, info: Option<&KeyInfo>, value: &str) -> Undo {
    record.put_raw(name, info, value.as_bytes())
}

#[test]
fn a_deadline_comes_with_its_second() {
    let mut record = record(r#"{"a":1,"b":2,"~":{"a":1000,"b":1001}}"#);
    assert_eq!(
        record.keys(),
        ["b"],
        "a is absent at its deadline, not one second later"
    );
    assert_eq!(written(&record, NOW), r#"{"b":2,"~":{"b":1001}}"#);
    assert_eq!(written(&record, NOW + 1), "{}");
    assert!(!record.is_changed(), "time alone causes no save");
    put(&mut record, "b", Some(&BRIEF), "2");
    assert!(record.is_changed(), "an equal value, but a later deadline");
    assert_eq!(written(&record, NOW + 59), r#"{"b":2,"~":{"b":1060}}"#);
    assert_eq!(written(&record, NOW + 60), "{}");
    put(&mut record, "b", None, "2");
    assert_eq!(
        written(&record, NOW + 60),
        r#"{"b":2}"#,
        "an untyped put clears it"
    );
}

#[test]
fn a_ttl_that_ends_after_every_clock_can_be_read_again() {
    let mut record = record("{}");
    put(&mut record, "d", Some(&NEVER), "1");
    let text = written(&record, NOW);
    assert_eq!(text, r#"{"d":1,"~":{"d":9223372036854775807}}"#);
    assert_eq!(self::record(&text).keys(), ["d"]);
}

#[test]
fn a_value_without_a_deadline_is_judged_by_when_it_was_issued() {
    const SECONDS: fn(u64) -> KeyInfo = |ttl| KeyInfo::new("a").with_ttl(Duration::from_secs(ttl));
    let mut record = record(r#"{"a":1}"#);
    assert!(
        !record.has("a", Some(&SECONDS(100))),
        "issued 100 seconds ago"
    );
    assert!(!record.set_deadline_if_none("a", &SECONDS(100)));
    assert!(record.has("a", Some(&SECONDS(101))));
    assert!(record.set_deadline_if_none("a", &SECONDS(101)));
    assert!(
        !record.set_deadline_if_none("a", &SECONDS(500)),
        "it has one"
    );
    assert!(!record.is_changed(), "a read causes no save");
    assert_eq!(written(&record, NOW), r#"{"a":1,"~":{"a":1001}}"#);
    record.clear_deadline("a", &SECONDS(101));
    assert_eq!(written(&record, NOW), r#"{"a":1}"#);
    put(&mut record, "a", None, "2");
    assert!(record.has("a", Some(&SECONDS(1))), "put a moment ago");
    assert!(!record.set_deadline_if_none("a", &PLAIN));
}

#[test]
fn a_flash_goes_once_and_a_later_put_is_for_the_next_request() {
    let mut record = record(r#"{"e\"":1,"x":2}"#);
    record.consume("e\"", &SHOWN);
    assert!(
        record.has("e\"", Some(&SHOWN)),
        "readable for the rest of the request"
    );
    assert_eq!(written(&record, NOW), r#"{"x":2}"#);
    assert!(record.is_changed());
    let undo = put(&mut record, "e\"", Some(&SHOWN), "1");
    assert_eq!(written(&record, NOW), r#"{"e\"":1,"x":2}"#);
    assert!(!record.is_changed(), "the payload is the one that came");
    record.undo(undo);
    assert_eq!(written(&record, NOW), r#"{"x":2}"#);
    put(&mut record, "e\"", Some(&SHOWN), "3");
    record.consume("e\"", &SHOWN);
    assert_eq!(
        written(&record, NOW),
        r#"{"e\"":3,"x":2}"#,
        "whoever reads it in this one"
    );
    put(&mut record, "e\"", Some(&SHOWN), "4");
    record.consume("e\"", &SHOWN);
    assert_eq!(written(&record, NOW), r#"{"e\"":4,"x":2}"#);
}

#[test]
fn a_put_that_changes_nothing_is_no_change() {
    let mut record = record(r#"{"a":1,"b":2}"#);
    put(&mut record, "a", None, "1");
    assert!(!record.is_changed());
    put(&mut record, "a", None, "2");
    assert!(record.is_changed());
    put(&mut record, "a", None, "1");
    assert!(!record.is_changed(), "and back");
    assert!(record.remove("b", None));
    assert!(record.is_changed());
    assert!(!record.remove("b", None));
}

#[test]
fn clear_is_a_change_where_there_was_something() {
    for (payload, changes) in [
        ("", false),
        ("{}", false),
        ("{ }", false),
        (r#"{"a":1}"#, true),
    ] {
        let mut record = record(payload);
        record.clear();
        assert_eq!(record.is_changed(), changes, "{payload}");
        assert_eq!(written(&record, NOW), "{}");
    }
}

#[test]
fn a_private_key_is_remembered_until_it_is_gone() {
    const PRIVATE: KeyInfo = KeyInfo::new("p").private();
    for (came, is_new) in [("{}", true), (r#"{"p":1}"#, false)] {
        let mut record = record(came);
        assert_eq!(record.private_key(), None);
        let undo = put(&mut record, "p", Some(&PRIVATE), "2");
        assert_eq!(record.private_key().as_deref(), Some("p"));
        record.undo(undo);
        assert_eq!(record.private_key(), None);
        assert_eq!(record.keys().is_empty(), is_new);
        put(&mut record, "p", Some(&PRIVATE), "2");
        put(&mut record, "p", None, "3");
        assert_eq!(record.private_key(), None);
    }
}

#[test]
fn many_keys_are_read_and_changed_as_few_are() {
    for count in 1..20 {
        let text = |step: usize| {
            let members = (0..count).map(|i| format!("\"k{i}\":{}", i * step));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        };
        let mut record = record(&text(1));
        assert_eq!(record.keys().len(), count);
        assert_eq!(written(&record, NOW), text(1));
        assert!(!record.has(&format!("k{count}"), None));
        for i in 0..count {
            let name = format!("k{i}");
            assert_eq!(record.get(&name).expect("a number"), Some(i));
            record.put(&name, 7 * i).expect("a number");
        }
        assert_eq!(written(&record, NOW), text(7));
        assert!(record.del("k0").expect("its own"));
        assert_eq!(record.keys().len(), count - 1);
    }
}

#[test]
fn whatever_a_put_changes_is_a_change() {
    for (name, info, value, changes) in [
        ("a", None, "1", false),
        ("a", None, "2", true),
        ("b", None, "2", true),
        ("b", Some(&BRIEF), "2", false),
        ("b", Some(&BRIEF), "3", true),
        ("c", Some(&NAMED), "1", true),
        ("x", None, "1", true),
    ] {
        let mut record = record(r#"{"a":1,"b":2,"~":{"b":1060}}"#);
        put(&mut record, name, info, value);
        assert_eq!(record.is_changed(), changes, "{name} {value}");
    }
    let mut spaced = record(r#"{ "a": 1 }"#);
    put(&mut spaced, "a", None, "1");
    assert!(
        !spaced.is_changed(),
        "space is kept until something changes"
    );
}

#[test]
fn a_name_of_any_character_is_written_as_json() {
    for odd in '\0'..='\u{a0}' {
        for name in [format!("a{odd}b"), odd.to_string()] {
            if name == "~" {
                continue;
            }
            let mut put_to = record("");
            put(&mut put_to, &name, None, "1");
            let text = written(&put_to, NOW);
            let expected = serde_json::json!({ name.as_str(): 1 }).to_string();
            assert_eq!(text, expected);
            assert_eq!(record(&text).keys(), [name]);
        }
    }
}

#[test]
fn the_record_alone_is_read_and_written_by_its_keys() {
    const UID: Key<i64> = Key::new("uid");
    let mut record = record(r#"{"uid":7,"text":"a"}"#);
    assert_eq!(record.get(UID).expect("a number"), Some(7));
    assert_eq!(
        record.get::<String>("text").expect("text").as_deref(),
        Some("a")
    );
    assert_eq!(record.get::<i64>("other").expect("nothing"), None);
    assert!(matches!(record.get::<i64>("text"), Err(Error::Type { key, .. }) if key == "text"));
    record.put(UID, 8).expect("a number");
    assert_eq!(record.get(UID).expect("a number"), Some(8));
    assert!(record.del("text").expect("no error"));
    assert!(!record.del("text").expect("no error"));
    assert_eq!(written(&record, NOW), r#"{"uid":8}"#);
    let reserved = record.put("~", 1);
    assert!(matches!(reserved, Err(Error::ReservedKey { .. })));
    let shown = format!("{record:?}");
    assert!(
        shown.contains("07070707") && shown.contains("uid") && !shown.contains('8'),
        "{shown}"
    );
}

#[test]
fn the_stamp_is_told() {
    let record = record("");
    let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
    assert_eq!(record.id(), SessionId::from_bytes([7; 16]));
    assert_eq!(record.born(), at(NOW - 300));
    assert_eq!(record.issued_at(), at(NOW - 100));
    assert_eq!(record.expires_at(), at(NOW + 500));
    assert_eq!(record.opened_at(), NOW);
    assert_eq!(seconds(record.born()), NOW - 300);
    assert_eq!(seconds(UNIX_EPOCH - Duration::from_secs(1)), 0);
    assert_eq!(time(u64::MAX), UNIX_EPOCH, "beyond every clock");
    let empty = Record::empty(stamp(), NOW);
    assert_eq!((empty.id(), empty.opened_at()), (record.id(), NOW));
    assert!(empty.keys().is_empty() && !empty.is_changed());
}

#[test]
fn a_chosen_lifetime_is_written_behind_the_deadlines_and_its_length_is_known() {
    let life = |seconds| Lifetime::For(Duration::from_secs(seconds));
    let ttl = KeyInfo::new("b").with_ttl(Duration::from_secs(5));
    let browser = Lifetime::Browser(Duration::from_secs(7_200));
    let cases = [
        ("{}", browser, r#"{"~":{"~life":-7200}}"#),
        (r#"{"a":1}"#, life(43_200), r#"{"a":1,"~":{"~life":43200}}"#),
        (
            r#"{"a":1,"~":{"~life":5}}"#,
            Lifetime::Configured,
            r#"{"a":1}"#,
        ),
    ];
    for (came, chosen, expected) in cases {
        let mut record = self::record(came);
        record.set_lifetime(chosen);
        assert_eq!(written(&record, NOW), expected);
        assert_eq!(record.payload_len(NOW), expected.len());
        assert!(record.is_changed());
        assert_eq!(self::record(expected).lifetime(), chosen);
    }
    let mut record = self::record(r#"{"~":{"~life":9}}"#);
    assert!(!record.is_changed());
    record.put(Key::<u8>::with_info(ttl), 2).expect("a number");
    let expected = format!(r#"{{"b":2,"~":{{"b":{},"~life":9}}}}"#, NOW + 5);
    assert_eq!(written(&record, NOW), expected);
    assert_eq!(record.payload_len(NOW), expected.len());
}
