//! From payload text to fields: JSON's grammar only, no value is decoded.

use std::collections::HashSet;

use super::field::{Field, Text};
use super::json::{Quoted, Scanner};
use crate::error::{Reason, Refusal};

/// The key that holds the deadlines of ttl keys: `{"a":42,"~":{"a":1795000900}}`.
pub(super) const DEADLINES: &str = "~";

/// The fields of the JSON object that stands in `base` from `offset` to `end`; empty text is the empty object.
pub(super) fn index(base: &[u8], offset: usize, end: usize) -> Result<Vec<Field>, Refusal> {
    let payload = base.get(offset..end).ok_or(Reason::Payload)?;
    if payload.is_empty() {
        return Ok(Vec::new());
    }
    core::str::from_utf8(payload).map_err(|_| Reason::Payload)?;
    let mut deadlines = None;
    let mut fields = members(payload, |key, value| {
        let unescaped = unescape(payload, &key)?;
        if unescaped
            .as_deref()
            .map_or(name(payload, &key), str::as_bytes)
            == DEADLINES.as_bytes()
        {
            return deadlines.replace(value).is_none().then_some(None);
        }
        let field = Field::from_base(
            text(offset, key.start, key.end)?,
            unescaped,
            text(offset, value.0, value.1)?,
        );
        Some(Some(field))
    })
    .ok_or(Reason::Payload)?;
    if repeats(&fields, base) {
        return Err(Reason::Payload.into());
    }
    if let Some((start, end)) = deadlines {
        let entries = payload.get(start..end).and_then(deadline_entries);
        attach(&mut fields, base, &entries.ok_or(Reason::Payload)?);
    }
    Ok(fields)
}

/// The members of the one object that `object` is, each as `read` takes it; it skips with `Some(None)`.
fn members<T>(
    object: &[u8],
    mut read: impl FnMut(Quoted, (usize, usize)) -> Option<Option<T>>,
) -> Option<Vec<T>> {
    let mut scanner = Scanner::new(object);
    let mut found = Vec::new();
    if !scanner.eat(b'{') {
        return None;
    }
    if !scanner.eat(b'}') {
        found.reserve(8);
        loop {
            let key = scanner.string()?;
            if !scanner.eat(b':') {
                return None;
            }
            found.extend(read(key, scanner.value()?)?);
            if !scanner.eat(b',') {
                break;
            }
        }
        if !scanner.eat(b'}') {
            return None;
        }
    }
    scanner.at_end().then_some(found)
}

fn text(offset: usize, start: usize, end: usize) -> Option<Text> {
    Some(Text::Base {
        start: u32::try_from(offset + start).ok()?,
        end: u32::try_from(offset + end).ok()?,
    })
}

fn name<'a>(payload: &'a [u8], key: &Quoted) -> &'a [u8] {
    payload.get(key.start + 1..key.end - 1).unwrap_or_default()
}

/// The key's name where its text has escapes. A name that is no Unicode text (a lone surrogate) is none.
fn unescape(payload: &[u8], key: &Quoted) -> Option<Option<Box<str>>> {
    if !key.escaped {
        return Some(None);
    }
    let quoted = payload.get(key.start..key.end)?;
    serde_json::from_slice(quoted).ok().map(Some)
}

fn repeats(fields: &[Field], base: &[u8]) -> bool {
    const FEW: usize = 16;
    if fields.len() <= FEW {
        return fields.iter().enumerate().any(|(i, field)| {
            let name = field.name(base);
            fields
                .iter()
                .take(i)
                .any(|earlier| earlier.name(base) == name)
        });
    }
    let mut seen = HashSet::with_capacity(fields.len());
    fields.iter().any(|field| !seen.insert(field.name(base)))
}

type Entry = (String, u64);

/// `{"a":1795000900}`: integers only; a negative one has long passed.
fn deadline_entries(object: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = members(object, |key, (start, end)| {
        let name = serde_json::from_slice(object.get(key.start..key.end)?).ok()?;
        let at: i64 = serde_json::from_slice(object.get(start..end)?).ok()?;
        Some(Some((name, u64::try_from(at).unwrap_or(0))))
    })?;
    let count = entries.len();
    entries.sort();
    entries.dedup_by(|a: &mut Entry, b| a.0 == b.0);
    (entries.len() == count).then_some(entries)
}

/// A deadline of a key that is not there is dropped.
fn attach(fields: &mut [Field], base: &[u8], entries: &[Entry]) {
    for field in fields {
        let found = entries.binary_search_by(|(name, _)| name.as_bytes().cmp(field.name(base)));
        field.deadline = found
            .ok()
            .and_then(|at| entries.get(at))
            .map(|entry| entry.1);
    }
}
