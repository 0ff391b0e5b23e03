//! A session that was touched: its record, what was done to it, and what becomes of it at the response head.

use http::header::HeaderValue;

use super::retired::Retirement;
use super::store::Shared;
use crate::codec::Cookies;
use crate::error::{Error, Reason, Refusal, Result};
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::log;
use crate::record::{Record, Stamp};
use crate::revocation::Verdict;

/// Bytes of a cookie's name and value.
const BROWSERS_KEEP: usize = 4096;

/// Where a session that was not touched yet comes from.
#[derive(Clone)]
pub(super) enum Source {
    Fields(Cookies),
    /// Read before, since a hook had to be awaited: the outcome holds for the whole request.
    Read(Result<Record, Refusal>),
}

pub(crate) struct Live {
    record: Record,
    /// Whether a cookie of our name came, readable or not.
    came: bool,
    /// The id under which it came, where it was readable.
    origin: Option<SessionId>,
    /// Saved even if nothing changed: its id was told, or it was renewed.
    keep: bool,
    fate: Fate,
}

enum Fate {
    Goes,
    /// With the number of the note for the id that came.
    Renewed(Option<u64>),
    Destroyed,
}

impl Live {
    /// Reads the cookie, if that was not done yet; one that can't be used is a new session, and the reason for the log.
    pub(super) fn open(shared: &Shared, source: &Source) -> Result<(Self, Option<Refusal>)> {
        let wire = &shared.wire;
        let now = wire.now();
        let opened = match source {
            Source::Fields(cookies) => wire.open(cookies, now),
            Source::Read(read) => read.clone(),
        };
        let refusal = match &opened {
            Ok(record) if shared.retired.is_destroyed(record.id(), now) => {
                Some(Reason::Revoked.into())
            }
            Ok(record) if matches!(source, Source::Fields(_)) => judge(shared, record)?,
            Ok(_) => None,
            Err(refusal) => Some(*refusal),
        };
        if let (Ok(record), None) = (opened, refusal) {
            return Ok((Self::new(true, Some(record.id()), record), None));
        }
        let refused = refusal.filter(|refusal| !refusal.is(Reason::Missing));
        let record = Record::empty(wire.new_stamp(now)?, now);
        Ok((Self::new(refused.is_some(), None, record), refused))
    }

    fn new(came: bool, origin: Option<SessionId>, record: Record) -> Self {
        Self {
            record,
            came,
            origin,
            keep: false,
            fate: Fate::Goes,
        }
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    pub(crate) fn record_mut(&mut self) -> &mut Record {
        &mut self.record
    }

    pub(crate) fn is_new(&self) -> bool {
        self.origin.is_none()
    }

    pub(crate) fn is_destroyed(&self) -> bool {
        matches!(self.fate, Fate::Destroyed)
    }

    pub(crate) fn check_not_destroyed(&self) -> Result<()> {
        if self.is_destroyed() {
            return Err(Error::Destroyed);
        }
        Ok(())
    }

    /// The id, which will be in the cookie.
    pub(crate) fn keep_id(&mut self, shared: &Shared) -> Result<SessionId> {
        if !self.record.stamp.has_id {
            let stamp = Stamp {
                has_id: true,
                ..self.record.stamp
            };
            self.stamp(shared, stamp)?;
            self.keep = true;
        }
        self.keep |= self.is_new();
        Ok(self.record.id())
    }

    /// Sets the stamp, if the cookie has room for it.
    fn stamp(&mut self, shared: &Shared, stamp: Stamp) -> Result<()> {
        let before = core::mem::replace(&mut self.record.stamp, stamp);
        let result = if before.has_id {
            Ok(())
        } else {
            self.check_size(shared, "~id")
        };
        if result.is_err() {
            self.record.stamp = before;
        }
        result
    }

    /// Whether the cookie that is to come is small enough for a put.
    fn check_size(&self, shared: &Shared, name: &str) -> Result<()> {
        let limit = shared.wire.max_size();
        let size = shared.wire.size(&self.record, self.record.opened_at())?;
        if size <= limit {
            return Ok(());
        }
        Err(Error::TooLarge {
            key: name.to_owned(),
            size,
            limit,
            largest: self.record.largest(),
        })
    }

    /// Puts an encoded value, or leaves everything as it was where the cookie would be too large.
    pub(crate) fn put(
        &mut self,
        shared: &Shared,
        name: &str,
        info: Option<&KeyInfo>,
        raw: &[u8],
    ) -> Result<()> {
        self.check_not_destroyed()?;
        let undo = self.record.put_raw(name, info, raw);
        let result = self.check_size(shared, name);
        if result.is_err() {
            self.record.undo(undo);
        }
        result
    }

    /// What a typed read leaves behind: a flash is consumed, and a ttl value without a deadline gets the one it is
    /// judged by, where the cookie has room for it.
    pub(crate) fn note_read(&mut self, shared: &Shared, name: &str, info: &KeyInfo) {
        if info.is_flash() {
            self.record.consume(name, info);
        }
        if info.ttl().is_some()
            && self.record.set_deadline_if_none(name, info)
            && matches!(self.check_size(shared, name), Err(Error::TooLarge { .. }))
        {
            self.record.clear_deadline(name, info);
        }
    }

    pub(crate) fn renew(&mut self, shared: &Shared, stamp: Stamp) -> Result<()> {
        self.check_not_destroyed()?;
        let noted = stamp.born;
        self.stamp(
            shared,
            Stamp {
                has_id: true,
                ..stamp
            },
        )?;
        if let (Fate::Goes, Some(origin)) = (&self.fate, self.origin) {
            let number = shared.retired.note(origin, Retirement::Renewed, noted);
            self.fate = Fate::Renewed(Some(number));
        } else if let Fate::Goes = self.fate {
            self.fate = Fate::Renewed(None);
        }
        self.keep = true;
        Ok(())
    }

    pub(crate) fn destroy(&mut self, shared: &Shared, now: u64) {
        if let Some(origin) = self.origin {
            shared.retired.note(origin, Retirement::Destroyed, now);
        }
        self.record.clear();
        self.fate = Fate::Destroyed;
    }

    /// The `Set-Cookie` of the response, if it needs one.
    pub(super) fn settle(&self, shared: &Shared, seen: u64, saves: bool) -> Option<HeaderValue> {
        let wire = &shared.wire;
        if self.is_destroyed() {
            return self.came.then(|| wire.remove());
        }
        let is_changed = self.keep || self.record.is_changed();
        if !is_changed && !self.is_due() {
            return None;
        }
        if !saves {
            if is_changed {
                log::dropped(wire.name());
            }
            self.abandon(shared);
            return None;
        }
        let now = wire.now();
        if self.is_superseded(shared, seen, now) {
            log::superseded(wire.name());
            return None;
        }
        // Every put was held to the limit; a session that came larger (the limit was lowered, or another format is
        // shorter) is sent where it changed, as long as browsers keep it, and stays what it is where it was only read.
        let limit = if is_changed {
            BROWSERS_KEEP
        } else {
            wire.max_size()
        };
        match wire.seal(&self.record, now, limit) {
            Ok(cookie) => Some(cookie),
            Err(Error::TooLarge { .. }) if !is_changed => None,
            Err(error) => {
                log::not_sealed(wire.name(), &error);
                None
            }
        }
    }

    /// The response never went out: a renewal that the client can't know of supersedes nobody.
    pub(super) fn abandon(&self, shared: &Shared) {
        if let (Fate::Renewed(Some(number)), Some(origin)) = (&self.fate, self.origin) {
            shared.retired.withdraw(origin, *number);
        }
    }

    /// Whether the cookie had reached half of its lifetime when the session was touched, or is of a retired key.
    fn is_due(&self) -> bool {
        let stamp = &self.record.stamp;
        let age = self.record.opened_at().saturating_sub(stamp.issued_at);
        !self.is_new() && (stamp.outdated || age.saturating_mul(2) >= stamp.lifetime)
    }

    fn is_superseded(&self, shared: &Shared, seen: u64, now: u64) -> bool {
        let Some(origin) = self.origin else {
            return false;
        };
        matches!(self.fate, Fate::Goes) && shared.retired.is_retired_since(origin, seen, now)
    }
}

/// The record in the cookies, unless it was signed out a moment ago.
pub(super) fn read(shared: &Shared, cookies: &Cookies, now: u64) -> Result<Record, Refusal> {
    let record = shared.wire.open(cookies, now)?;
    if shared.retired.is_destroyed(record.id(), now) {
        return Err(Reason::Revoked.into());
    }
    Ok(record)
}

/// Asks the hook, if there is one, what it has against the session.
fn judge(shared: &Shared, record: &Record) -> Result<Option<Refusal>> {
    let hook = shared.revocation.as_ref();
    match hook.map_or(Ok(Verdict::Valid), |hook| hook.judge(record)) {
        Ok(Verdict::Valid) => Ok(None),
        Ok(Verdict::Revoked) => Ok(Some(Reason::Revoked.into())),
        Err(error) => {
            log::not_judged(shared.wire.name(), error.as_ref());
            Err(Error::Unavailable)
        }
    }
}
