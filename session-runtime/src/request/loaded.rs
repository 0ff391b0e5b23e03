//! A session that was touched: its record, what was done to it, and what becomes of it at the response head.

use super::retired::Retirement;
use super::store::Shared;
use crate::codec::{Came, SetCookies};
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::limits::MAX_COOKIE;
use crate::log;
use crate::record::{Record, Stamp};

pub(crate) struct Loaded {
    record: Record,
    /// Which cookies came, readable or not.
    came: Came,
    /// The id under which it came, where it was readable.
    origin: Option<SessionId>,
    /// Saved even if nothing changed: its id was told, or it was renewed.
    keep: bool,
    fate: Fate,
}

enum Fate {
    Active,
    /// With the number of the note for the id that came.
    Renewed(Option<u64>),
    Destroyed,
}

impl Loaded {
    /// A session that came.
    pub(super) fn of(came: Came, record: Record) -> Self {
        Self {
            origin: Some(record.id()),
            ..Self::new(came, record)
        }
    }

    /// A session that begins.
    pub(super) fn new(came: Came, record: Record) -> Self {
        Self {
            record,
            came,
            origin: None,
            keep: false,
            fate: Fate::Active,
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
            self.check_size(shared, "session id")
        };
        if result.is_err() {
            self.record.stamp = before;
        }
        result
    }

    /// Whether the cookie that is to come is small enough for a put.
    fn check_size(&self, shared: &Shared, name: &str) -> Result<()> {
        let limit = shared.codec.max_size();
        let size = shared.codec.size(&self.record, self.record.opened_at())?;
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
        if let (Fate::Active, Some(origin)) = (&self.fate, self.origin) {
            let number = shared.retired.note(origin, Retirement::Renewed, noted);
            self.fate = Fate::Renewed(Some(number));
        } else if let Fate::Active = self.fate {
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

    /// What the response says of our cookies, if anything.
    pub(super) fn commit(&self, shared: &Shared, seen: u64, saves: bool) -> Option<SetCookies> {
        let codec = &shared.codec;
        if self.is_destroyed() {
            return self.came.any().then(|| codec.remove(self.came));
        }
        let is_changed = self.keep || self.record.is_changed();
        if !is_changed && !self.is_due() {
            return None;
        }
        if !saves {
            if is_changed {
                log::dropped(codec.name());
            }
            self.rollback(shared);
            return None;
        }
        let now = codec.now();
        if self.is_superseded(shared, seen, now) {
            log::superseded(codec.name());
            return None;
        }
        // Every put was held to the limit; a session that came larger (the limit was lowered, or another format is
        // shorter) is sent where it changed, as long as browsers keep it, and stays what it is where it was only read.
        let limit = if is_changed {
            MAX_COOKIE
        } else {
            codec.max_size()
        };
        match codec.seal(&self.record, self.came, now, limit) {
            Ok(cookies) => Some(cookies),
            Err(Error::TooLarge { .. }) if !is_changed => None,
            Err(error) => {
                log::not_sealed(codec.name(), &error);
                None
            }
        }
    }

    /// The response never went out: a renewal that the client can't know of supersedes nobody.
    pub(super) fn rollback(&self, shared: &Shared) {
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
        matches!(self.fate, Fate::Active) && shared.retired.is_retired_since(origin, seen, now)
    }
}
