//! From payload text to fields: JSON's grammar only, no value is decoded.

use std::collections::HashSet;

use super::LATEST;
use super::field::{Field, Text};
use super::json::{Quoted, Scanner};
use crate::error::{Reason, Refusal};

/// The key that holds the deadlines of ttl keys: `{"a":42,"~":{"a":1795000900}}`.
const DEADLINES: &[u8] = b"~";

/// Up to so many keys, comparing each with each is the fastest.
const FEW: usize = 16;

/// The fields of the JSON object that stands in `base` from `offset` to `end`; empty text is the empty object.
pub(super) fn index(base: &[u8], offset: usize, end: usize) -> Result<Vec<Field>, Refusal> {
    let payload = base.get(offset..end).ok_or(Reason::Payload)?;
    if payload.is_empty() {
        return Ok(Vec::new());
    }
    core::str::from_utf8(payload).map_err(|_| Reason::Payload)?;
    let mut fields = Vec::with_capacity(8);
    let mut deadlines = None;
    each_member(payload, |key, (start, end)| {
        let quoted = payload.get(key.start..key.end)?;
        let unescaped = if key.escaped {
            Some(unescape(quoted)?)
        } else {
            None
        };
        let key = text(offset, key.start, key.end)?;
        let field = Field::from_base(key, unescaped, text(offset, start, end)?);
        if field.name(base) == DEADLINES {
            return deadlines.replace((start, end)).is_none().then_some(());
        }
        fields.push(field);
        Some(())
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

/// Walks the members of the one object that `object` is; `None` where it is no object or `take` says so.
fn each_member(
    object: &[u8],
    mut take: impl FnMut(Quoted, (usize, usize)) -> Option<()>,
) -> Option<()> {
    let mut scanner = Scanner::new(object);
    scanner.eat(b'{').then_some(())?;
    if !scanner.eat(b'}') {
        loop {
            let key = scanner.string()?;
            scanner.eat(b':').then_some(())?;
            take(key, scanner.value()?)?;
            if !scanner.eat(b',') {
                break;
            }
        }
        scanner.eat(b'}').then_some(())?;
    }
    scanner.at_end().then_some(())
}

fn text(offset: usize, start: usize, end: usize) -> Option<Text> {
    Some(Text::Base {
        start: u32::try_from(offset + start).ok()?,
        end: u32::try_from(offset + end).ok()?,
    })
}

/// A name that is no Unicode text (a lone surrogate) is none.
fn unescape(quoted: &[u8]) -> Option<Box<str>> {
    serde_json::from_slice(quoted).ok()
}

fn repeats(fields: &[Field], base: &[u8]) -> bool {
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

/// `{"a":1795000900}`: integers only.
fn deadline_entries(object: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    each_member(object, |key, (start, end)| {
        let name = serde_json::from_slice(object.get(key.start..key.end)?).ok()?;
        entries.push((name, deadline(object.get(start..end)?)?));
        Some(())
    })?;
    let count = entries.len();
    entries.sort();
    entries.dedup_by(|a: &mut Entry, b| a.0 == b.0);
    (entries.len() == count).then_some(entries)
}

/// The integer that this JSON text is. A negative one has long passed, and one beyond every clock stays there.
fn deadline(text: &[u8]) -> Option<u64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if digits.len() < text.len() {
        return Some(0);
    }
    let number = core::str::from_utf8(digits).ok()?;
    Some(number.parse().unwrap_or(LATEST).min(LATEST))
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

#[cfg(test)]
mod tests;
