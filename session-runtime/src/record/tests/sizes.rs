//! Lengths of values, names and numbers, and the room that a record takes.

use serde_json::value::RawValue;

use super::*;

#[test]
fn the_five_largest_pairs_are_told_largest_first() {
    let record = record(r#"{"a":1,"bb":22,"c\n":"333","d":[4,4,4,4],"e":5,"ff":6,"~":{"ff":5}}"#);
    let expected = [("d", 13), ("c\n", 11), ("bb", 7), ("a", 5), ("e", 5)];
    assert_eq!(
        record.largest(),
        expected.map(|(name, len)| (name.to_owned(), len))
    );
}

#[test]
fn a_value_of_any_length_is_read_and_written_whole() {
    for len in 0..80 {
        let value = "v".repeat(len);
        let came = record(&format!(r#"{{"a":1,"b":"{value}"}}"#));
        assert_eq!(came.get("b").expect("a string"), Some(value.clone()));
        let raw = came.raw("b", None).expect("it is there");
        assert_eq!(raw.bytes(), format!("\"{value}\"").as_bytes());
    }
}

#[test]
fn numbers_have_so_many_digits() {
    for number in [
        0,
        1,
        9,
        10,
        11,
        99,
        100,
        999,
        1_000,
        1_795_000_000,
        LATEST,
        u64::MAX,
    ] {
        assert_eq!(digits(number), number.to_string().len());
    }
}

#[test]
fn a_value_is_held_to_its_depth_and_length() {
    const SHORT: Key<String> = Key::with_info(KeyInfo::new("s").with_max_len(5));
    let nested = |levels: usize| {
        let text = "[".repeat(levels) + "1" + &"]".repeat(levels);
        RawValue::from_string(text).expect("JSON")
    };
    for (levels, fits) in [
        (1, true),
        (126, true),
        (127, true),
        (128, false),
        (200, false),
    ] {
        let raw = encode(&"deep", &nested(levels));
        assert_eq!(raw.is_ok(), fits, "{levels}");
        let read_again = serde_json::from_str::<serde_json::Value>(nested(levels).get());
        assert_eq!(
            read_again.is_ok(),
            fits,
            "{levels}: the limit is serde_json's"
        );
        assert!(fits || matches!(raw, Err(Error::TooDeep { key }) if key == "deep"));
    }
    let long = RawValue::from_string(format!("[{}]", "[],".repeat(200) + "1"));
    assert!(encode(&"flat", &long.expect("JSON")).is_ok());
    assert_eq!(
        encode(&SHORT, &"abc".to_owned()).expect("it fits").bytes(),
        br#""abc""#
    );
    match encode(&SHORT, &"abcd".to_owned()) {
        Err(Error::TooLarge {
            size,
            limit,
            largest,
            ..
        }) => {
            assert_eq!((size, limit, largest), (6, 5, vec![("s".to_owned(), 6)]));
        }
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn keys_put_again_and_again_take_no_more_room_and_keep_their_values() {
    let came = r#"{"a":1,"\u00e9":"came","~":{"a":2000}}"#;
    let mut record = record(came);
    let value = |step: usize| format!("\"{step}{}\"", "x".repeat(step % 700));
    for step in 0..20_000 {
        let (name, other) = (["a", "q\"", "z"][step % 3], ["é", "w"][step % 2]);
        record.put_raw(name, None, value(step).as_bytes());
        let before = state(&record);
        let undo = record.put_raw(other, None, value(step).as_bytes());
        record.undo(undo);
        assert!(step % 100 > 0 || state(&record) == before, "{step}");
    }
    let left = |name| String::from_utf8(record.raw(name, None).expect("put").bytes().to_vec());
    assert_eq!(left("z"), Ok(value(19_997)));
    assert_eq!(left("a"), Ok(value(19_998)));
    assert_eq!(left("q\""), Ok(value(19_999)));
    assert_eq!(left("é"), Ok(r#""came""#.to_owned()));
    assert!(
        record.buffer.capacity() < 40_000,
        "{}",
        record.buffer.capacity()
    );
    assert!(record.is_changed());
}

#[test]
fn a_value_that_is_taken_back_leaves_no_room_behind() {
    let mut record = record(r#"{"a":1}"#);
    let undo = record.put_raw("a", None, &vec![b'1'; 1 << 20]);
    record.undo(undo);
    assert!(
        record.buffer.capacity() < 8192,
        "{}",
        record.buffer.capacity()
    );
    assert_eq!(written(&record, NOW), r#"{"a":1}"#);
}
