//! Configuration files: from text to fields with their lines.

use core::fmt;
use std::path::Path;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::value::Value;
use super::yaml;

/// One `name = value`.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) number: usize,
    pub(super) value: Value,
}

/// Why a text is not of its format.
pub(super) struct Syntax {
    number: usize,
    message: String,
}

impl Syntax {
    pub(super) fn new(number: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { number, message }
    }
}

type Parse = fn(&str) -> Result<Vec<Line>, Syntax>;

/// The fields of a file, in their order; none where the file may be absent and is.
pub(super) fn read(path: &Path, may_be_absent: bool) -> Result<Vec<Line>, String> {
    let shown = path.display();
    let parse = parser(path)?;
    let text = match std::fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return if may_be_absent {
                Ok(Vec::new())
            } else {
                Err(format!(
                    "{shown}: there is no such file: create it, or name it as an `optional_file`"
                ))
            };
        }
        Err(error) => {
            return Err(format!(
                "{shown}: can't be read ({error}): it must be a readable file of UTF-8 text"
            ));
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    parse(text).map_err(|Syntax { number, message }| format!("{shown}:{number}: {message}"))
}

fn parser(path: &Path) -> Result<Parse, String> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.unwrap_or("").to_ascii_lowercase().as_str() {
        "toml" => Ok(toml),
        "yaml" | "yml" => Ok(yaml::parse),
        "json" => Ok(json),
        other => Err(format!(
            "{}: files are told apart by their extension, and {other:?} is unknown: use .toml, .yaml, .yml or .json",
            path.display()
        )),
    }
}

fn toml(text: &str) -> Result<Vec<Line>, Syntax> {
    let table = DeTable::parse(text).map_err(|error| Syntax {
        number: line_at(text, error.span().map_or(0, |span| span.start)),
        // Not its `Display`, which quotes the line: a key may be on it.
        message: format!("this is no TOML: {}", error.message()),
    })?;
    let fields = table.into_inner().into_iter();
    let mut lines: Vec<Line> = fields
        .map(|(name, value)| Line {
            number: line_at(text, name.span().start),
            name: name.into_inner().into_owned(),
            value: toml_value(value.into_inner()),
        })
        .collect();
    lines.sort_by_key(|line| line.number);
    Ok(lines)
}

fn toml_value(value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from_text(text),
        DeValue::Integer(integer) => {
            let decimal = i64::from_str_radix(integer.as_str(), integer.radix());
            Value::Number(decimal.map_or_else(|_| integer.to_string(), |n| n.to_string()))
        }
        DeValue::Float(float) => Value::Number(float.to_string()),
        DeValue::Boolean(yes) => Value::Bool(yes),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(_) => Value::Other("a list"),
        DeValue::Table(_) => Value::Other("a table"),
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    1 + before.filter(|byte| **byte == b'\n').count()
}

fn json(text: &str) -> Result<Vec<Line>, Syntax> {
    let syntax = |error: serde_json::Error| {
        let message = error.to_string();
        let message = if error.is_data() {
            // Its own message would quote the text that is there instead.
            "the file must be one object, `{ \"name\": .. }`".to_owned()
        } else {
            let reason = message.split(" at line ").next().unwrap_or(&message);
            format!("this is no JSON: {reason}")
        };
        let number = error.line().max(1);
        Syntax { number, message }
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fields = deserializer.deserialize_map(Object).map_err(syntax)?;
    deserializer.end().map_err(syntax)?;
    let lines = fields.into_iter().map(|(name, raw)| {
        // `raw` is a part of `text`; serde_json has no other way to say where a value is.
        let number = line_at(text, raw.get().as_ptr().addr() - text.as_ptr().addr());
        let broken = || Syntax::new(number, "this is no JSON: a text has a broken escape");
        let value = json_value(raw.get()).ok_or_else(broken)?;
        Ok(Line {
            name,
            number,
            value,
        })
    });
    lines.collect()
}

fn json_value(raw: &str) -> Option<Value> {
    Some(match raw.as_bytes().first()? {
        b'"' => Value::from_text(serde_json::from_str::<String>(raw).ok()?),
        b't' => Value::Bool(true),
        b'f' => Value::Bool(false),
        b'n' => Value::Null,
        b'[' => Value::Other("a list"),
        b'{' => Value::Other("an object"),
        _ => Value::Number(raw.to_owned()),
    })
}

/// The members of an object, their values untouched.
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
