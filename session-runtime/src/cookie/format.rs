//! The formats of cookies: from one value to a token and from a record to a value.
//!
//! A format is one file and one arm here. What it needs of the configuration it is given when it is made.

mod accepted;
#[cfg(test)]
pub(super) mod foreign;
#[cfg(feature = "gorilla")]
pub(super) mod gorilla;
pub(super) mod v1;

use core::ops::Range;

pub(super) use accepted::{Accepted, latest};
#[cfg(feature = "gorilla")]
use gorilla::Gorilla;
use v1::V1;

use crate::error::{Reason, Refusal, Result};
use crate::id::SessionId;
use crate::lifetime::Lifetime;
use crate::limits::MAX_AHEAD;
use crate::record::Record;

/// A format with its keys.
pub(super) enum Format {
    V1(V1),
    #[cfg(feature = "gorilla")]
    Gorilla(Gorilla),
    #[cfg(test)]
    Foreign(foreign::Foreign),
}

/// Identity and times of a session, in seconds since 1970.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) id: SessionId,
    pub(super) born: u64,
    /// At least `born`, but in Go's format, where a Go service may have saved what we began.
    pub(super) issued_at: u64,
    /// Seconds from `issued_at` on.
    pub(super) ttl: u64,
}

/// A value whose MAC and times hold.
pub(super) struct Token {
    pub(super) header: Header,
    pub(super) bytes: Vec<u8>,
    /// Where the payload, which is JSON text, stands in the bytes.
    pub(super) payload: Range<usize>,
    /// What the format needs to write the session back, beside the payload.
    pub(super) kept: Option<Box<[u8]>>,
    /// Made by a key or in a format that new tokens are no longer made with.
    pub(super) outdated: bool,
    /// Whether the id stands in the token, not made up for it.
    pub(super) has_id: bool,
}

/// How long tokens are good, in seconds.
pub(super) struct Rules {
    pub(super) max_age: u64,
    pub(super) absolute_max_age: Option<u64>,
    /// How old a token is at most when it is used and not issued again.
    pub(super) refresh_after: Option<u64>,
}

/// How far clocks of servers differ where all is well, in seconds.
const SKEW: u64 = 60;

/// A value to come, of which the length is known.
pub(super) enum Sealing<'a> {
    V1(v1::Sealing<'a>),
    #[cfg(feature = "gorilla")]
    Text(String),
}

impl Format {
    /// Opens one value; each check may only refuse.
    pub(super) fn open(&self, value: &[u8], rules: &Rules, now: u64) -> Result<Token, Refusal> {
        match self {
            Self::V1(v1) => v1.open(value, rules, now),
            #[cfg(feature = "gorilla")]
            Self::Gorilla(gorilla) => gorilla.open(value, rules, now),
            #[cfg(test)]
            Self::Foreign(foreign) => foreign.open(value, rules, now),
        }
    }

    /// Begins to write the record as it is at `now`.
    #[cfg_attr(
        not(feature = "gorilla"),
        expect(
            clippy::unnecessary_wraps,
            reason = "not every format takes every value"
        )
    )]
    pub(super) fn seal<'a>(
        &'a self,
        record: &'a Record,
        header: &Header,
        now: u64,
    ) -> Result<Sealing<'a>> {
        match self {
            Self::V1(v1) => Ok(Sealing::V1(v1.seal(record, header, now))),
            #[cfg(feature = "gorilla")]
            Self::Gorilla(gorilla) => Ok(Sealing::Text(gorilla.seal(record, header, now)?)),
            #[cfg(test)]
            Self::Foreign(_) => unreachable!("it is only read"),
        }
    }

    /// A value that holds identity and times alone, in the formats that can.
    #[cfg(feature = "store")]
    pub(super) fn seal_bare(&self, header: &Header, now: u64) -> Sealing<'_> {
        match self {
            Self::V1(v1) => Sealing::V1(v1.seal_bare(header, now)),
            #[cfg(feature = "gorilla")]
            Self::Gorilla(_) => unreachable!("a store of sessions refuses this format"),
            #[cfg(test)]
            Self::Foreign(_) => unreachable!("it is only read"),
        }
    }

    /// Whether visitors can't read the value.
    pub(super) fn is_encrypted(&self) -> bool {
        match self {
            Self::V1(v1) => v1.is_encrypted(),
            #[cfg(feature = "gorilla")]
            Self::Gorilla(gorilla) => gorilla.is_encrypted(),
            #[cfg(test)]
            Self::Foreign(_) => false,
        }
    }

    /// Whether every value holds the session's id, also one that nobody asked for.
    pub(super) fn always_has_id(&self) -> bool {
        match self {
            Self::V1(_) => true,
            #[cfg(feature = "gorilla")]
            Self::Gorilla(_) => false,
            #[cfg(test)]
            Self::Foreign(_) => true,
        }
    }
}

impl Sealing<'_> {
    /// The length of the value in bytes.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::V1(sealing) => sealing.len(),
            #[cfg(feature = "gorilla")]
            Self::Text(value) => value.len(),
        }
    }

    /// Appends the value to `text`.
    pub(super) fn write(self, text: &mut Vec<u8>) -> Result<()> {
        match self {
            Self::V1(sealing) => sealing.write(text),
            #[cfg(feature = "gorilla")]
            Self::Text(value) => {
                text.extend_from_slice(value.as_bytes());
                Ok(())
            }
        }
    }
}

impl Rules {
    /// How long a token is good after it was issued.
    pub(super) fn lifetime(&self, header: &Header) -> u64 {
        header.ttl.min(self.max_age)
    }

    /// Refuses a token that is of the future or expired.
    pub(super) fn check_times(&self, header: &Header, now: u64) -> Result<(), Refusal> {
        if header.issued_at > now.saturating_add(MAX_AHEAD) {
            return Err(Reason::Future.into());
        }
        if now >= self.expires_at(header) {
            return Err(Reason::Expired.into());
        }
        Ok(())
    }

    /// Whether the clock that made the token is ahead of ours by more than clocks usually are.
    pub(super) fn is_ahead(header: &Header, now: u64) -> bool {
        header.issued_at.max(header.born) > now.saturating_add(SKEW)
    }

    /// From when on a token is replaced when it is used: half of its lifetime, or earlier.
    pub(super) fn due_at(&self, header: &Header) -> u64 {
        let half = self.lifetime(header).div_ceil(2);
        let after = self.refresh_after.map_or(half, |after| after.min(half));
        header.issued_at.saturating_add(after)
    }

    /// The first second at which the token is refused.
    pub(super) fn expires_at(&self, header: &Header) -> u64 {
        let rolling = header.issued_at.saturating_add(self.lifetime(header));
        rolling.min(self.last_second(header.born))
    }

    /// The first second at which a session of this birth is at its end, however lately its token was made.
    pub(super) fn last_second(&self, born: u64) -> u64 {
        self.absolute_max_age
            .map_or(u64::MAX, |age| born.saturating_add(age))
    }

    /// What a token that is issued now gets: min(what was chosen for the session, `max_age`, what is left of
    /// `absolute_max_age`), at least a second, since no format knows a shorter life.
    pub(super) fn ttl(&self, born: u64, now: u64, lifetime: Lifetime) -> u64 {
        let left = self.last_second(born).saturating_sub(now);
        let chosen = lifetime.seconds().unwrap_or(self.max_age);
        left.min(chosen).min(self.max_age).max(1)
    }
}
