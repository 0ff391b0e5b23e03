//! Cookies that are read besides the store's own, and which of several values counts.

use core::sync::atomic::{AtomicU64, Ordering};

use super::{Format, Rules, Token};
use crate::error::{Reason, Refusal, Result};

/// Cookies of another format, or of our format under other rules, that are read until a date. A used session replaces
/// such a cookie by one in the store's own format.
pub(in crate::cookie) struct Accepted {
    pub(in crate::cookie) format: Format,
    /// The index of the cookie's name in the store's list of names.
    pub(in crate::cookie) name: usize,
    /// Seconds since 1970.
    until: u64,
    /// How many tokens were opened.
    pub(in crate::cookie) opened: AtomicU64,
}

impl Accepted {
    pub(in crate::cookie) fn new(format: Format, name: usize, until: u64) -> Self {
        Self {
            format,
            name,
            until,
            opened: AtomicU64::new(0),
        }
    }

    pub(in crate::cookie) fn open(
        &self,
        values: &[&[u8]],
        rules: &Rules,
        now: u64,
    ) -> Result<Token, Refusal> {
        if now >= self.until {
            return Err(Reason::Version.into());
        }
        let token = latest(values, |value| self.format.open(value, rules, now))?;
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Token {
            outdated: true,
            // The store's own format can't write what the other format kept.
            kept: None,
            ..token
        })
    }
}

/// The token that was issued last, if all values that open belong to one session. If none opens: the first refusal.
pub(in crate::cookie) fn latest(
    values: &[&[u8]],
    open: impl Fn(&[u8]) -> Result<Token, Refusal>,
) -> Result<Token, Refusal> {
    if let [value] = values {
        return open(value);
    }
    let mut first_refusal = None;
    let mut latest: Option<Token> = None;
    for value in values {
        match (open(value), &latest) {
            (Err(refusal), _) => {
                first_refusal.get_or_insert(refusal);
            }
            (Ok(token), Some(other)) if token.header.id != other.header.id => {
                return Err(Reason::Duplicate.into());
            }
            (Ok(token), Some(other)) if token.header.issued_at <= other.header.issued_at => {}
            (Ok(token), _) => latest = Some(token),
        }
    }
    latest.ok_or(first_refusal.unwrap_or(Reason::Missing.into()))
}
