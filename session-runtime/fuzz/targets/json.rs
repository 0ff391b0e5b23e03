//! A payload as `serde_json` reads it: the members in their order, their values raw.

use std::collections::HashSet;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Names and raw values.
pub type Members = Vec<(String, Box<RawValue>)>;

/// Names and raw values, with the deadlines apart; `None` where it is no session payload.
pub fn members(payload: &[u8]) -> Option<(Members, Vec<(String, i128)>)> {
    if payload.is_empty() {
        return Some((Vec::new(), Vec::new()));
    }
    let mut members = object(core::str::from_utf8(payload).ok()?)?;
    let at = members.iter().position(|(name, _)| name == "~");
    let deadlines = match at {
        Some(at) => object(members.remove(at).1.get())?,
        None => Vec::new(),
    };
    let deadlines = deadlines
        .into_iter()
        .map(|(name, at)| Some((name, integer(at.get())?)));
    Some((members, deadlines.collect::<Option<_>>()?))
}

/// A JSON number without fraction and exponent, however long.
fn integer(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let huge = if digits == text { i128::MAX } else { i128::MIN };
    Some(text.parse().unwrap_or(huge))
}

fn object(text: &str) -> Option<Members> {
    let Pairs(found) = serde_json::from_str(text).ok()?;
    let names: HashSet<&String> = found.iter().map(|(name, _)| name).collect();
    (names.len() == found.len()).then_some(found)
}

struct Pairs(Members);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Pairs;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut found = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    found.push(pair);
                }
                Ok(Pairs(found))
            }
        }
        from.deserialize_map(Visit)
    }
}
