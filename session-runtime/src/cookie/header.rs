//! The `Cookie` header: finding the values under one name, byte by byte.
//!
//! Our own scanner, since the name is compared exactly and a strange neighbour must not cost the visitor's session:
//! the `cookie` crate percent-decodes names and refuses a whole header for one odd byte.

use memchr::memchr;

use crate::error::{Reason, Refusal};

/// Bytes of all `Cookie` fields together.
const MAX_BYTES: usize = 16 * 1024;
/// Pairs in all `Cookie` fields together.
const MAX_PAIRS: usize = 256;
const MAX_VALUES: usize = 4;

/// The different values under our name, at most four, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Values<'h> {
    found: [&'h [u8]; MAX_VALUES],
    len: usize,
}

impl<'h> Values<'h> {
    pub(super) fn as_slice(&self) -> &[&'h [u8]] {
        &self.found[..self.len]
    }

    /// Whether there was room for it.
    fn add(&mut self, value: &'h [u8]) -> bool {
        if self.as_slice().contains(&value) {
            return true;
        }
        match self.found.get_mut(self.len) {
            Some(slot) => {
                *slot = value;
                self.len += 1;
                true
            }
            None => false,
        }
    }
}

/// The values under `name` in all `Cookie` fields of a request.
pub(super) fn scan<'h>(
    fields: impl Iterator<Item = &'h [u8]>,
    name: &[u8],
) -> Result<Values<'h>, Refusal> {
    let mut values = Values::default();
    let mut all_fit = true;
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
            if let Some(value) = value_of(pair, name) {
                all_fit &= values.add(value);
            }
        }
    }
    match values.len {
        _ if pairs > MAX_PAIRS => Err(Reason::TooLong.into()),
        0 => Err(Reason::Missing.into()),
        _ if all_fit => Ok(values),
        _ => Err(Reason::Duplicate.into()),
    }
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
    Some(value)
}

#[cfg(test)]
mod tests;
