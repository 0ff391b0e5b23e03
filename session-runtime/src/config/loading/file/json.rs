//! JSON files: the members of one object, each with the position of its raw text.

use core::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::value::Value;
use super::{Line, Syntax, line_at};

pub(super) fn parse(text: &str) -> Result<Vec<Line>, Syntax> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fields = deserializer.deserialize_map(Object).map_err(syntax)?;
    deserializer.end().map_err(syntax)?;
    let lines = fields.into_iter().map(|(name, raw)| {
        // `raw` is a part of `text`. serde_json has no other way to find a value's position.
        let number = line_at(text, raw.get().as_ptr().addr() - text.as_ptr().addr());
        let value = read(raw.get()).map_err(|message| Syntax { number, message })?;
        Ok(Line {
            name,
            number,
            value,
        })
    });
    lines.collect()
}

fn syntax(error: serde_json::Error) -> Syntax {
    let message = if error.is_data() {
        // The parser's message would quote the text.
        "the file must be one object, `{ \"name\": .. }`".to_owned()
    } else {
        reason(&error)
    };
    let number = error.line().max(1);
    Syntax { number, message }
}

/// The error in the text, without its line.
fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or(&message);
    format!("this is no JSON: {reason}")
}

/// A number keeps its text, for errors about it.
fn read(raw: &str) -> Result<Value, String> {
    let broken = |_| "this is no JSON: a text has a broken escape".to_owned();
    Ok(match raw.as_bytes().first() {
        Some(b'"') => Value::from_text(serde_json::from_str::<String>(raw).map_err(broken)?),
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'n') => Value::Null,
        Some(b'[' | b'{') => serde_json::from_str(raw).map_err(|error| reason(&error))?,
        _ => Value::Number(raw.to_owned()),
    })
}

/// The members of an object, with their values as raw text.
struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
