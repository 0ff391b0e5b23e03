//! A session that was touched: its record, and what is done to it. What becomes of it is in `commit`.

use super::retired::Retirement;
use super::store::Shared;
#[cfg(feature = "store")]
use super::stored::Row;
use crate::codec::Came;
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::lifetime::Lifetime;
use crate::raw::RawValue;
use crate::record::{Record, Stamp};

pub(crate) struct Loaded {
    pub(super) record: Record,
    /// Which cookies came, readable or not.
    pub(super) came: Came,
    /// The id under which it came, where it was readable.
    pub(super) origin: Option<SessionId>,
    /// Saved even if nothing changed: its id was told, or it was renewed.
    pub(super) keep: bool,
    pub(super) fate: Fate,
    #[cfg(feature = "store")]
    pub(super) row: Row,
}

#[derive(Clone, Copy)]
pub(super) enum Fate {
    Active,
    /// With the number of the note for the id that came.
    Renewed(Option<u64>),
    /// Ended, and another began.
    Restarted,
    Destroyed,
}

impl Loaded {
    /// A session that came.
    pub(super) fn of(came: Came, record: Record) -> Self {
        Self {
            origin: Some(record.stamp.id),
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
            #[cfg(feature = "store")]
            row: Row::default(),
        }
    }

    #[cfg(feature = "store")]
    pub(super) fn with_row(self, row: Row) -> Self {
        Self { row, ..self }
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    pub(crate) fn is_new(&self) -> bool {
        self.origin.is_none() || matches!(self.fate, Fate::Restarted)
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
        let (size, limit) = shared.room(&self.record)?;
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

    /// Puts an encoded value, or leaves everything as it was where the cookie would be too large. `renewal` is there
    /// where the session is renewed if the key's value changes.
    pub(crate) fn put(
        &mut self,
        shared: &Shared,
        name: &str,
        info: Option<&KeyInfo>,
        raw: &[u8],
        renewal: Option<Stamp>,
    ) -> Result<()> {
        self.check_not_destroyed()?;
        let holds = |before: &RawValue| before.bytes() == raw;
        let renewal =
            renewal.filter(|_| !self.record.raw(name, info).is_some_and(|raw| holds(&raw)));
        self.check_takes_changes(renewal.is_some())?;
        let undo = self.record.put_raw(name, info, raw);
        let result = self.check_size(shared, name);
        let result =
            result.and_then(|()| renewal.map_or(Ok(()), |stamp| self.renew(shared, stamp)));
        if result.is_err() {
            self.record.undo(undo);
        }
        result
    }

    /// Removes a key; whether it was there. `renewal` is there where the session is renewed if it was.
    pub(crate) fn del(
        &mut self,
        shared: &Shared,
        name: &str,
        info: Option<&KeyInfo>,
        renewal: Option<Stamp>,
    ) -> Result<bool> {
        let was_there = self.record.has(name, info);
        self.check_takes_changes(renewal.is_some())?;
        if let Some(stamp) = renewal.filter(|_| was_there) {
            self.renew(shared, stamp)?;
        }
        Ok(self.record.remove(name, info))
    }

    /// Removes every key.
    pub(crate) fn clear(&mut self) -> Result<()> {
        self.check_takes_changes(false)?;
        self.record.clear();
        Ok(())
    }

    /// [`Error::Gone`] where another request renewed the session a moment ago, unless this one does so too.
    #[cfg_attr(
        not(feature = "store"),
        expect(
            clippy::unnecessary_wraps,
            clippy::unused_self,
            reason = "only a store can tell"
        )
    )]
    pub(super) fn check_takes_changes(&self, renews: bool) -> Result<()> {
        #[cfg(feature = "store")]
        if self.row.is_barred && !renews && matches!(self.fate, Fate::Active) {
            return Err(Error::Gone);
        }
        let _ = renews;
        Ok(())
    }

    /// Chooses how long the session lives, or leaves it as it was where the cookie would be too large.
    pub(crate) fn set_lifetime(&mut self, shared: &Shared, lifetime: Lifetime) -> Result<()> {
        self.check_not_destroyed()?;
        self.check_takes_changes(false)?;
        lifetime.check(shared.codec.max_age())?;
        let before = self.record.set_lifetime(lifetime);
        if let Err(error) = self.check_size(shared, "lifetime") {
            self.record.set_lifetime(before);
            return Err(error);
        }
        let issued_at = self.record.opened_at();
        self.record.stamp.expires_at = shared.codec.expires_at(&self.record, issued_at);
        Ok(())
    }

    /// What a typed read leaves behind: a flash is consumed where the response shows something, and a ttl value without a deadline gets the one it is
    /// judged by, where the cookie has room for it.
    pub(crate) fn note_read(&mut self, shared: &Shared, name: &str, info: &KeyInfo, shows: bool) {
        if info.is_flash() && shows {
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
        if let Fate::Active = self.fate {
            let note = |origin| shared.note(origin, Retirement::Renewed, noted);
            self.fate = Fate::Renewed(self.origin.and_then(note));
        }
        self.keep = true;
        Ok(())
    }

    pub(crate) fn destroy(&mut self, shared: &Shared, now: u64) {
        self.end(shared, now);
        self.record.clear();
        self.record.set_lifetime(Lifetime::Configured);
        self.fate = Fate::Destroyed;
    }

    /// Ends the session as [`Loaded::destroy`] does; an empty one begins under the stamp.
    pub(crate) fn restart(&mut self, shared: &Shared, stamp: Stamp) {
        self.end(shared, stamp.born);
        self.record = Record::empty(stamp, stamp.born);
        self.fate = Fate::Restarted;
        self.keep = self.came.any();
        #[cfg(feature = "store")]
        self.row.begin_anew();
    }

    fn end(&self, shared: &Shared, now: u64) {
        if let Some(origin) = self.origin {
            shared.note(origin, Retirement::Destroyed, now);
        }
    }
}
