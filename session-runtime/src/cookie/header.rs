//! The `Cookie` header: finding the values under a few names in one pass, byte by byte.
//!
//! Our own scanner, since the name is compared exactly and a strange neighbour must not cost the visitor's session:
//! the `cookie` crate percent-decodes names and refuses a whole header for one odd byte.

use memchr::memchr;

use crate::codec::Came;
use crate::error::{Reason, Refusal};

/// Bytes of all `Cookie` fields together.
const MAX_BYTES: usize = 16 * 1024;
/// Pairs in all `Cookie` fields together.
const MAX_PAIRS: usize = 256;
const MAX_VALUES: usize = 4;

/// What was found under the names that were looked for.
pub(super) struct Scanned<'h> {
    own: Values<'h>,
    others: Vec<Values<'h>>,
}

impl<'h> Scanned<'h> {
    /// One value under the first name.
    pub(super) fn one(value: &'h [u8]) -> Self {
        let mut own = Values::default();
        own.add(value);
        Self {
            own,
            others: Vec::new(),
        }
    }

    /// The values under the name in this place.
    pub(super) fn under(&self, name: usize) -> Result<&[&'h [u8]], Refusal> {
        let values = match name {
            0 => &self.own,
            other => self.others.get(other - 1).ok_or(Reason::Missing)?,
        };
        match values.len {
            0 => Err(Reason::Missing.into()),
            _ if values.overflows => Err(Reason::Duplicate.into()),
            len => Ok(&values.found[..len]),
        }
    }

    /// Which of the names came.
    pub(super) fn came(&self) -> Came {
        let all = core::iter::once(&self.own).chain(&self.others);
        let came = Came::default().with_twins(self.own.len > 1);
        all.enumerate()
            .filter(|(_, values)| values.len > 0)
            .fold(came, |came, (name, _)| came.with(name))
    }
}

/// The different values under one name, at most four, in the order in which they came.
#[derive(Clone, Debug, Default)]
struct Values<'h> {
    found: [&'h [u8]; MAX_VALUES],
    len: usize,
    /// More came than there is room for.
    overflows: bool,
}

impl<'h> Values<'h> {
    fn add(&mut self, value: &'h [u8]) {
        if self.found[..self.len].contains(&value) {
            return;
        }
        match self.found.get_mut(self.len) {
            Some(slot) => {
                *slot = value;
                self.len += 1;
            }
            None => self.overflows = true,
        }
    }
}

/// The values under these names in all `Cookie` fields of a request.
pub(super) fn scan<'h>(
    fields: impl Iterator<Item = &'h [u8]>,
    names: &[String],
) -> Result<Scanned<'h>, Refusal> {
    let (own, others) = names.split_first().expect("a store has a name");
    let mut found = Scanned {
        own: Values::default(),
        others: vec![Values::default(); others.len()],
    };
    let (mut bytes, mut pairs) = (0, 0);
    for field in fields {
        bytes += field.len();
        if bytes > MAX_BYTES {
            return Err(Reason::TooLong.into());
        }
        let mut rest = Some(field);
        while let Some(text) = rest {
            let (pair, after) = split_pair(text);
            rest = after;
            pairs += 1;
            if let Some(value) = value_of(pair, own.as_bytes()) {
                found.own.add(value);
                continue;
            }
            for (name, values) in others.iter().zip(&mut found.others) {
                if let Some(value) = value_of(pair, name.as_bytes()) {
                    values.add(value);
                }
            }
        }
    }
    if pairs > MAX_PAIRS {
        return Err(Reason::TooLong.into());
    }
    Ok(found)
}

/// The first pair, and what follows its semicolon.
fn split_pair(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memchr(b';', text).and_then(|at| text.split_at_checked(at)) {
        Some((pair, after)) => (pair, after.get(1..)),
        None => (text, None),
    }
}

fn value_of<'h>(mut pair: &'h [u8], name: &[u8]) -> Option<&'h [u8]> {
    while let [b' ' | b'\t', rest @ ..] = pair {
        pair = rest;
    }
    let mut value = pair.strip_prefix(name)?.strip_prefix(b"=")?;
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    // Clients after RFC 2965 (the JDK's among them) put every value in quotes.
    if let [b'"', inner @ .., b'"'] = value {
        value = inner;
    }
    Some(value)
}

#[cfg(test)]
mod tests;
