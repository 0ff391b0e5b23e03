//! What is to be written of a session, and into which row: as this request left it, on top of what is there.

use std::time::SystemTime;

use super::{Base, Vault};
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::store::merge::{Changes, Unmerged, merge};
use crate::time::seconds;

/// Which row is written.
#[derive(Clone, Copy)]
pub(crate) enum Way<'a> {
    /// That of a new session.
    Create(NewId),
    /// That of the session as it is.
    Save(&'a Base),
    /// The session's, under a new id.
    Renew(&'a Base, NewId),
}

/// What a new or renewed session begins with.
#[derive(Clone, Copy)]
pub(crate) struct NewId {
    pub(crate) sid: SessionId,
    pub(crate) born: SystemTime,
    pub(crate) expires_at: SystemTime,
}

/// Times of the request, by the application's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// When the service was called.
    pub(crate) begin: SystemTime,
    pub(crate) now: SystemTime,
    /// When the session ends, where a save moves its end.
    pub(crate) expires_at: Option<SystemTime>,
}

/// What this request holds.
#[derive(Clone, Copy)]
pub(crate) struct Ours<'a> {
    /// The payload's text.
    pub(crate) text: &'a [u8],
    /// Names of the flashes that it showed.
    pub(crate) shown: &'a [String],
    /// The label, where this request set one.
    pub(crate) label: Option<&'a str>,
}

/// What the next attempt writes.
#[derive(Clone)]
pub(crate) struct Contents {
    /// The payload's text.
    pub(crate) text: Vec<u8>,
    /// The label, where this request set one.
    pub(crate) label: Option<String>,
    /// Keys that others changed too.
    pub(crate) overwritten: Vec<String>,
}

impl Way<'_> {
    pub(crate) fn base(&self) -> Option<&Base> {
        match self {
            Self::Create(_) => None,
            Self::Save(base) | Self::Renew(base, _) => Some(base),
        }
    }

    pub(super) fn new_id(&self) -> Option<&NewId> {
        match self {
            Self::Save(_) => None,
            Self::Create(new) | Self::Renew(_, new) => Some(new),
        }
    }
}

impl Ours<'_> {
    /// What this request made of `base`, on top of what is there; of these keys alone, or of all.
    pub(crate) fn on(
        &self,
        base: Option<&Base>,
        present: Option<&Base>,
        only: Option<&[&str]>,
        rules: &Rules,
    ) -> Result<Contents> {
        let label = self.label.map(str::to_owned);
        let version = |base: &Base| base.version();
        let is_alone = only.is_none() && base.map(version) == present.map(version);
        let limit = rules.limit.max(base.map_or(0, |base| base.text.len()));
        if is_alone && self.text.len() <= limit {
            return Ok(Contents {
                text: self.text.to_vec(),
                label,
                overwritten: Vec::new(),
            });
        }
        let text = |base: Option<&Base>| base.map_or(&[][..], Base::text).to_vec();
        let (base, theirs) = (text(base), text(present));
        let merged = Changes::between(&base, self.text, self.shown, seconds(rules.now))
            .map_err(Unmerged::from)
            .and_then(|changes| {
                let changes = only.map_or(changes.clone(), |names| changes.of_keys(names));
                merge(&base, &theirs, &changes, rules.limit)
            });
        let merged = merged.map_err(|unmerged| refusal(unmerged, rules.limit))?;
        Ok(Contents {
            text: merged.payload,
            label: label.filter(|_| only.is_none()),
            overwritten: merged.overwritten,
        })
    }
}

/// What a merge is held to.
pub(crate) struct Rules {
    pub(crate) now: SystemTime,
    /// Bytes of the payload.
    pub(crate) limit: usize,
}

fn refusal(unmerged: Unmerged, limit: usize) -> Error {
    match unmerged {
        Unmerged::NoPayload => Error::Unavailable,
        Unmerged::TooLarge { size, largest } => Error::TooLarge {
            key: largest
                .first()
                .map(|(name, _)| name.clone())
                .unwrap_or_default(),
            size,
            limit,
            largest,
        },
    }
}

impl Vault {
    /// What a merge in this layer is held to.
    pub(crate) fn rules(&self, now: SystemTime) -> Rules {
        Rules {
            now,
            limit: 2 * self.max_record,
        }
    }
}
