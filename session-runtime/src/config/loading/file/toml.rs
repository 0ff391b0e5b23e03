//! TOML files. The parser keeps the position of every name.

use ::toml::de::{DeTable, DeValue};

use super::super::value::Value;
use super::{Line, Syntax, line_at};

pub(super) fn parse(text: &str) -> Result<Vec<Line>, Syntax> {
    let table = DeTable::parse(text).map_err(|error| Syntax {
        number: line_at(text, error.span().map_or(0, |span| span.start)),
        // The error's `Display` would quote the line, which may hold a key.
        message: format!("this is no TOML: {}", error.message()),
    })?;
    let fields = table.into_inner().into_iter();
    let mut lines: Vec<Line> = fields
        .map(|(name, value)| Line {
            number: line_at(text, name.span().start),
            name: name.into_inner().into_owned(),
            value: read(value.into_inner()),
        })
        .collect();
    lines.sort_by_key(|line| line.number);
    Ok(lines)
}

fn read(value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from_text(text),
        DeValue::Integer(integer) => {
            let decimal = i64::from_str_radix(integer.as_str(), integer.radix());
            Value::Number(decimal.map_or_else(|_| integer.to_string(), |n| n.to_string()))
        }
        DeValue::Float(float) => Value::Number(float.to_string()),
        DeValue::Boolean(yes) => Value::Bool(yes),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(values) => {
            let values = values.into_iter().map(|value| read(value.into_inner()));
            Value::List(values.collect())
        }
        DeValue::Table(fields) => {
            let fields = fields.into_iter();
            let fields = fields
                .map(|(name, value)| (name.into_inner().into_owned(), read(value.into_inner())));
            Value::Table(fields.collect())
        }
    }
}
