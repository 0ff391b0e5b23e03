//! No input takes more memory than a small multiple of its size.

use serde_json::json;

use super::super::types::Definition;
use super::super::{Entry, GoMap, Malformed, Piece, decode};
use crate::cookie::format::gorilla::tests::hex;

#[test]
fn nesting_has_an_end() {
    for (depth, readable) in [(20, true), (63, true), (64, false), (5000, false)] {
        assert_eq!(decode(&nested_lists(depth)).is_ok(), readable, "{depth}");
    }
}

/// Nested values of `[]interface {}`. The corpus has such a value once.
fn nested_lists(depth: usize) -> Vec<u8> {
    let mut value = b"\x03int\x04\x02\x00\x02".to_vec();
    for _ in 0..depth {
        // Only readers that skip a value need its length, so any length works.
        let mut list = b"\x0e[]interface {}\xff\x8a\x01\x00\x01".to_vec();
        list.append(&mut value);
        value = list;
    }
    let mut message = b"\xff\x80\x00\x01\x06string\x0c\x03\x00\x01k".to_vec();
    message.append(&mut value);
    let mut gob = hex(&json!(
        "0d7f040102ff800001100110000000000dff89020102ff8a0001100000"
    ))[..14]
        .to_vec();
    gob.extend(hex(&json!("0cff89020102ff8a0001100000")));
    gob.push(0xfc);
    gob.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    gob.append(&mut message);
    gob
}

/// The bytes that a session keeps, without the fixed size of the struct itself.
fn footprint(session: &GoMap) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::capacity);
    let entries: usize = session
        .entries
        .iter()
        .map(|entry| text(&entry.key) + text(&entry.json))
        .sum();
    let types: usize = session
        .types
        .values()
        .map(|definition| definition.bytes.capacity() + 8 * definition.wire.parts().len())
        .sum();
    entries
        + types
        + session.source.capacity()
        + session.types.len() * 2 * size_of::<(i64, Definition)>()
        + session.pieces.capacity() * size_of::<Piece>()
        + session.entries.capacity() * size_of::<Entry>()
}

/// A session of `count` entries, after `definitions`.
fn session_of(definitions: &[u8], count: u16, entries: &[u8]) -> Vec<u8> {
    let mut message = b"\xff\x80\x00\xfe".to_vec();
    message.extend(count.to_be_bytes());
    message.extend(entries);
    let mut gob = hex(&json!("0d7f040102ff80000110011000"))[..13].to_vec();
    gob.push(0);
    gob.extend(definitions);
    gob.push(0xfc);
    gob.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    gob.append(&mut message);
    gob
}

fn list(name: &str, id: &[u8], elements: u16, element: &[u8]) -> Vec<u8> {
    let mut entry = b"\x06string\x0c\x03\x00\x01k".to_vec();
    entry.push(u8::try_from(name.len()).unwrap());
    entry.extend(name.as_bytes());
    entry.extend(id);
    entry.extend(b"\x02\x00\xfe");
    entry.extend(elements.to_be_bytes());
    entry.extend(element.repeat(elements.into()));
    entry
}

#[test]
fn memory_is_bounded_by_the_input() {
    const TIMES: usize = 48;
    let slice = |elem: u8| {
        [
            b"\x0c\xff\x89\x02\x01\x02\xff\x8a\x00\x01".as_slice(),
            &[elem, 0, 0],
        ]
        .concat()
    };
    let opaque: Vec<u8> = (1000_u16..1500)
        .flat_map(|id| {
            let [high, low] = (2 * id - 1).to_be_bytes();
            [6, 0xfe, high, low, 5, 0, 0]
        })
        .collect();
    let cases = [
        (
            "small interfaces",
            session_of(
                &slice(0x10),
                1,
                &list("x", b"\xff\x8a", 900, b"\x01x\x02\x02\x00\x00"),
            ),
        ),
        (
            "nil interfaces",
            session_of(&slice(0x10), 1, &list("x", b"\xff\x8a", 4000, b"\x00")),
        ),
        (
            "floats of one byte",
            session_of(&slice(8), 1, &list("x", b"\xff\x8a", 4000, b"\x01")),
        ),
        (
            "booleans",
            session_of(&slice(2), 1, &list("x", b"\xff\x8a", 4000, b"\x00")),
        ),
        (
            "bytes",
            session_of(&[], 1, &list("x", b"\x0a", 4000, b"\xff")),
        ),
        ("definitions", session_of(&opaque, 0, &[])),
        (
            "keys that are no text",
            session_of(&[], 700, &b"\x01x\x04\x02\x00\x02\x00".repeat(700)),
        ),
    ];
    for (what, gob) in cases {
        let session = decode(&gob).unwrap_or_else(|malformed| panic!("{what}: {malformed}"));
        let times = footprint(&session) / gob.len();
        assert!(times <= TIMES, "{what}: {times} times the input");
    }
}

#[test]
fn counts_beyond_the_input_are_malformed() {
    let absurd = session_of(&[], u16::MAX, b"");
    assert!(decode(&absurd).is_err());
    let nil_keys = session_of(&[], 1000, &[0; 2000]);
    assert_eq!(decode(&nil_keys).err(), Some(Malformed("a key twice")));
}
