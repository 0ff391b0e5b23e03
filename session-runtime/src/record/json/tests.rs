use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Json, depth};

/// The bytes of the one value that the text is.
fn scan(text: &str) -> Option<(usize, usize)> {
    let json = Json(text.as_bytes());
    let start = json.skip_space(0);
    let end = json.value(start)?;
    json.is_end(end).then_some((start, end))
}

fn agrees(text: &str) {
    let found = scan(text).map(|(start, end)| &text[start..end]);
    let expected = serde_json::from_str::<Box<RawValue>>(text).ok();
    assert_eq!(found, expected.as_deref().map(RawValue::get), "{text:?}");
}

fn json() -> impl Strategy<Value = String> {
    let space = || "[ \t\n\r]{0,2}";
    let number = "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?";
    let text = || "\"([a-zé~ ]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}){0,4}\"";
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        number.prop_map(String::from),
        text().prop_map(String::from),
    ];
    let nested = leaf.prop_recursive(6, 40, 5, move |inner| {
        let items = prop::collection::vec((space(), inner.clone(), space()), 0..5);
        let members = prop::collection::vec((space(), text(), space(), inner), 0..5);
        let joined = |parts: Vec<String>| parts.join(",");
        prop_oneof![
            items.prop_map(move |items| {
                let items = items.into_iter().map(|(a, item, b)| a + &item + &b);
                format!("[{}]", joined(items.collect()))
            }),
            members.prop_map(move |members| {
                let members = members.into_iter();
                let members = members.map(|(a, name, b, value)| format!("{a}{name}{b}:{value}{a}"));
                format!("{{{}}}", joined(members.collect()))
            }),
        ]
    });
    (space(), nested, space()).prop_map(|(before, value, after)| before + &value + &after)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn json_is_walked_as_serde_json_does(text in json()) {
        prop_assert!(scan(&text).is_some());
        agrees(&text);
    }

    #[test]
    fn broken_json_is_refused_where_serde_json_refuses_it(
        text in json(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<prop::sample::Index>()), 1..4),
    ) {
        const ODD: &[u8] = b"{}[]\",:\\ \t\n0123456789-+.eEtrufalsn/\x00\x1f\x7f~\x0b";
        let mut text: Vec<char> = text.chars().collect();
        for (at, edit, byte) in edits {
            let odd = char::from(*byte.get(ODD));
            let at = at.index(text.len() + 1);
            match edit {
                0 => text.insert(at, odd),
                1 if at < text.len() => drop(text.remove(at)),
                2 => text.truncate(at),
                _ if at < text.len() => text[at] = odd,
                _ => {}
            }
        }
        agrees(&text.into_iter().collect::<String>());
    }

    #[test]
    fn any_text_is_judged_as_by_serde_json(text in "[{}\\[\\]\",:\\\\ 0-2.eE+u~nul-]{0,12}") {
        agrees(&text);
    }

    #[test]
    fn depth_is_what_serde_json_counts(text in json()) {
        // It refuses names that are no Unicode.
        if let Ok(Levels(levels)) = serde_json::from_str(&text) {
            prop_assert_eq!(levels, depth(text.as_bytes()));
        }
    }
}

/// Levels of nesting.
struct Levels(usize);

impl<'de> Deserialize<'de> for Levels {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(from)?;
        let inner = |levels: Vec<Self>| 1 + levels.iter().map(|inner| inner.0).max().unwrap_or(0);
        let nested = match text.get().as_bytes()[0] {
            b'[' => serde_json::from_str(text.get()),
            b'{' => serde_json::from_str(text.get()).map(|Members(levels)| levels),
            _ => return Ok(Self(0)),
        };
        nested.map(inner).map(Self).map_err(D::Error::custom)
    }
}

struct Members(Vec<Levels>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Members;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut levels = Vec::new();
                while let Some((_, level)) = map.next_entry::<IgnoredAny, _>()? {
                    levels.push(level);
                }
                Ok(Members(levels))
            }
        }
        from.deserialize_map(Visit)
    }
}

#[test]
fn every_ascii_character_is_judged_at_every_place_of_a_string() {
    for odd in '\0'..='\u{7f}' {
        for plain in ["a", "b", "\u{7f}"] {
            for at in 0..18 {
                let (before, after) = (plain.repeat(at), plain.repeat(18 - at));
                agrees(&format!("\"{before}{odd}{after}\""));
            }
        }
    }
}

#[test]
fn the_edges_of_the_grammar_are_those_of_serde_json() {
    for text in [
        "",
        " ",
        "0",
        "-0",
        "00",
        "-",
        "01",
        "1.",
        ".1",
        "1.0",
        "1e",
        "1e+",
        "1e+1",
        "1E-0",
        "-1.5e3",
        "1e400",
        "+1",
        "0x1",
        "NaN",
        "nul",
        "nulll",
        "True",
        "\"",
        "\"\\",
        "\"\\u\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u12345\"",
        "\"\\ud800\"",
        "\"\\x\"",
        "\"\u{0}\"",
        "\"\u{1f}\"",
        "\"\u{20}\"",
        "\"\u{7f}\"",
        "\"\t\"",
        "\"\u{10ffff}\"",
        "[",
        "]",
        "[]",
        "[,]",
        "[1,]",
        "[1 2]",
        "[1,2]",
        "[[]",
        "[}",
        "{",
        "{}",
        "{]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{1:1}",
        "{\"a\":{}}",
        "{\"a\":[{}]}",
        "[{},{}]",
        "[[],[[]]]",
        "1 1",
        "{}{}",
        "\u{feff}1",
        "\u{b}1",
        "\u{c}1",
        "\u{a0}1",
        "1\u{0}",
        "\r\n\t 1\r\n\t ",
        "[1\n,\t2]",
        "//",
        "[1]//",
        "'a'",
    ] {
        agrees(text);
    }
}

#[test]
fn depth_costs_no_stack_and_every_level_is_closed_by_its_own_bracket() {
    for levels in [1, 2, 63, 64, 65, 127, 128, 129, 192, 193, 1_000] {
        let lists = "[".repeat(levels) + &"]".repeat(levels);
        let objects = r#"{"":"#.repeat(levels) + "1" + &"}".repeat(levels);
        let mixed = r#"[{"":"#.repeat(levels) + "[]" + &"}]".repeat(levels);
        for text in [&lists, &objects, &mixed] {
            assert_eq!(scan(text), Some((0, text.len())), "{levels}");
            assert_eq!(scan(&text[..text.len() - 1]), None);
            assert_eq!(scan(&format!("{text}]")), None);
        }
        assert_eq!(depth(lists.as_bytes()), levels);
        assert_eq!(depth(mixed.as_bytes()), 2 * levels + 1);
        // One closing bracket of the wrong kind, at every level.
        for at in lists.len() / 2..lists.len() {
            let mut wrong = lists.clone();
            wrong.replace_range(at..=at, "}");
            assert_eq!(scan(&wrong), None, "{levels}, {at}");
        }
        for at in objects.len() - levels..objects.len() {
            let mut wrong = objects.clone();
            wrong.replace_range(at..=at, "]");
            assert_eq!(scan(&wrong), None, "{levels}, {at}");
        }
    }
    let deep = "[".repeat(300_000);
    assert_eq!(scan(&deep), None);
}

#[test]
fn brackets_and_quotes_in_strings_are_no_depth() {
    for (text, levels) in [
        (r#""[[[""#, 0),
        (r#"["\"[[", "{"]"#, 1),
        (r#"["\\", [1]]"#, 2),
        (r#"["\\\"["]"#, 1),
        (r#"{"a":[{}],"[":1}"#, 3),
    ] {
        assert_eq!(depth(text.as_bytes()), levels, "{text}");
    }
}
