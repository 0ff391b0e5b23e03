//! From payload text to fields: JSON's grammar only, no value is decoded.

use core::ops::Range;
use std::collections::HashSet;

use super::Fields;
use super::buffer::{Buffer, Span};
use super::field::Field;
use super::json::Json;
use crate::error::{Reason, Refusal};
use crate::lifetime::Lifetime;

/// The key that holds the deadlines of ttl keys: `{"a":42,"~":{"a":1795000900}}`.
const DEADLINES: &[u8] = b"~";

/// Up to so many keys, comparing each with each is the fastest.
const COMPARED: usize = 12;

/// The entry beside the deadlines that holds the lifetime that was chosen for the session.
const LIFETIME: &str = "~life";

/// The fields of the JSON object that stands in the buffer at `place`, and the session's lifetime; empty text is the
/// empty object.
pub(super) fn index(buffer: &Buffer, place: Span) -> Result<(Fields, Lifetime), Refusal> {
    let payload = buffer.get(place);
    let mut fields = Fields::default();
    if payload.is_empty() {
        return Ok((fields, Lifetime::Configured));
    }
    if !payload.is_ascii() {
        core::str::from_utf8(payload).map_err(|_| Reason::Payload)?;
    }
    let mut deadlines = None;
    let mut names = Names::default();
    let mut has_escaped = false;
    let span = |part: Range<usize>| Span::new(place.start() + part.start, place.start() + part.end);
    each_member(payload, |member| {
        let quoted = payload.get(member.key.clone())?;
        let inner = quoted.get(1..quoted.len() - 1)?;
        let name = if member.escaped {
            Some(unescape(quoted)?)
        } else {
            None
        };
        if name.as_deref().map_or(inner, str::as_bytes) == DEADLINES {
            return deadlines.replace(member.value).is_none().then_some(());
        }
        let mut field = Field::new(span(member.key), span(member.value));
        match name {
            Some(name) => {
                has_escaped = true;
                field.set_unescaped(name);
            }
            None => names.add(inner),
        }
        fields.push(field);
        Some(())
    })
    .ok_or(Reason::Payload)?;
    if (names.may_repeat || has_escaped) && repeats(&fields, buffer) {
        return Err(Reason::Payload.into());
    }
    let lifetime = match deadlines {
        Some(deadlines) => attach(&mut fields, buffer, &payload[deadlines])?,
        None => Lifetime::Configured,
    };
    Ok((fields, lifetime))
}

/// One member of an object, by the places of its parts.
struct Member {
    /// With its quotes.
    key: Range<usize>,
    escaped: bool,
    value: Range<usize>,
}

/// Walks the members of the one object that `object` is; `None` where it is no object or `take` says so.
fn each_member(object: &[u8], mut take: impl FnMut(Member) -> Option<()>) -> Option<()> {
    let json = Json(object);
    let mut at = json.eat(0, b'{')?;
    if let Some(end) = json.eat(at, b'}') {
        return json.is_end(end).then_some(());
    }
    loop {
        let start = json.skip_space(at);
        let (end, escaped) = json.string(start)?;
        let value = json.skip_space(json.eat(end, b':')?);
        at = json.value(value)?;
        take(Member {
            key: start..end,
            escaped,
            value: value..at,
        })?;
        match json.eat(at, b',') {
            Some(next) => at = next,
            None => break,
        }
    }
    json.is_end(json.eat(at, b'}')?).then_some(())
}

/// The first names, to find most repetitions (none) without a second walk.
#[derive(Default)]
struct Names<'a> {
    few: [&'a [u8]; COMPARED],
    len: usize,
    may_repeat: bool,
}

impl<'a> Names<'a> {
    fn add(&mut self, name: &'a [u8]) {
        let earlier = &self.few[..self.len];
        self.may_repeat |= earlier.contains(&name);
        match self.few.get_mut(self.len) {
            Some(free) => {
                *free = name;
                self.len += 1;
            }
            None => self.may_repeat = true,
        }
    }
}

/// A name that is no Unicode text (a lone surrogate) is none.
fn unescape(quoted: &[u8]) -> Option<Box<str>> {
    serde_json::from_slice(quoted).ok()
}

fn repeats(fields: &[Field], buffer: &Buffer) -> bool {
    let mut seen = HashSet::with_capacity(fields.len());
    fields.iter().any(|field| !seen.insert(field.name(buffer)))
}

type Deadline = (String, i64);

/// `{"a":1795000900}`: integers only.
fn deadline_entries(object: &[u8]) -> Option<Vec<Deadline>> {
    let mut entries = Vec::new();
    each_member(object, |member| {
        let name = serde_json::from_slice(object.get(member.key)?).ok()?;
        entries.push((name, integer(object.get(member.value)?)?));
        Some(())
    })?;
    let count = entries.len();
    entries.sort();
    entries.dedup_by(|a: &mut Deadline, b| a.0 == b.0);
    (entries.len() == count).then_some(entries)
}

/// The integer that this JSON text is, or the one next to it that fits.
fn integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let nearest = if digits.len() < text.len() {
        i64::MIN
    } else {
        i64::MAX
    };
    let number = core::str::from_utf8(text).ok()?;
    Some(number.parse().unwrap_or(nearest))
}

fn find(entries: &[Deadline], name: &[u8]) -> Option<i64> {
    let found = entries.binary_search_by(|(other, _)| other.as_bytes().cmp(name));
    Some(entries.get(found.ok()?)?.1)
}

/// Gives the fields their deadlines; the lifetime that stands beside them. A deadline of a key that is not there is
/// dropped, and a negative one has long passed.
fn attach(fields: &mut [Field], buffer: &Buffer, object: &[u8]) -> Result<Lifetime, Refusal> {
    let entries = deadline_entries(object).ok_or(Reason::Payload)?;
    if entries.iter().any(|(name, _)| name != LIFETIME) {
        for field in fields {
            if let Some(at) = find(&entries, field.name(buffer)) {
                field.set_deadline(Some(u64::try_from(at).unwrap_or(0)));
            }
        }
    }
    let lifetime = find(&entries, LIFETIME.as_bytes()).map(Lifetime::from_entry);
    Ok(lifetime.unwrap_or_default())
}

#[cfg(test)]
mod tests;
