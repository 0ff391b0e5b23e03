//! A session that was touched: its record, and what is done to it. What becomes of it is in `commit`.

use super::retired::Retirement;
#[cfg(feature = "store")]
use super::row::Row;
use super::shared::Shared;
use crate::codec::Came;
#[cfg(feature = "dev")]
use crate::error::Refusal;
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
    /// Of the cookie that the browser has, while the session is the one in it.
    pub(super) issued: Option<Issued>,
    /// Why the cookie that came was not used.
    #[cfg(feature = "dev")]
    pub(super) refused: Option<Refusal>,
    #[cfg(feature = "store")]
    pub(super) row: Row,
}

/// The lifetime of a cookie, the longest that it could have, and its end.
#[derive(Clone, Copy)]
pub(super) struct Issued {
    lifetime: Lifetime,
    longest: u64,
    end: u64,
}

/// What a change of the key that says whose session it is leads to.
#[derive(Clone, Copy)]
pub(crate) struct Renewal<'k> {
    pub(super) owner: &'k KeyInfo,
    /// The id and birth that the session gets then.
    pub(super) stamp: Stamp,
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
        let mut loaded = Self::new(came, record);
        let record = &loaded.record;
        loaded.origin = Some(record.stamp.sid);
        loaded.issued = Some(Issued {
            lifetime: record.lifetime(),
            longest: record.stamp.longest,
            end: record.stamp.expires_at,
        });
        loaded
    }

    /// A session that begins.
    pub(super) fn new(came: Came, record: Record) -> Self {
        Self {
            record,
            came,
            origin: None,
            keep: false,
            fate: Fate::Active,
            issued: None,
            #[cfg(feature = "dev")]
            refused: None,
            #[cfg(feature = "store")]
            row: Row::default(),
        }
    }

    #[cfg(feature = "store")]
    pub(super) fn set_row(&mut self, shared: &Shared, row: Row) {
        self.row = row;
        self.cap(shared);
    }

    /// Lets the session end earlier where it is nobody's, and later where it is somebody's again.
    #[cfg(feature = "store")]
    pub(super) fn cap(&mut self, shared: &Shared) {
        if shared.longest(&self.record) != self.record.stamp.longest {
            self.set_end(shared);
        }
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    pub(crate) fn record_mut(&mut self) -> &mut Record {
        &mut self.record
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
    /// where this may change whose session it is.
    pub(crate) fn put(
        &mut self,
        shared: &Shared,
        name: &str,
        info: Option<&KeyInfo>,
        raw: &[u8],
        renewal: Option<Renewal<'_>>,
    ) -> Result<()> {
        self.check_not_destroyed()?;
        self.check_takes_changes(renewal.is_some())?;
        let before = renewal.and_then(|renewal| self.owner(renewal));
        let undo = self.record.put_raw(name, info, raw);
        let result = self.check_size(shared, name);
        let result = result.and_then(|()| self.renew_if_changed(shared, renewal, before));
        if result.is_err() {
            self.record.undo(undo);
        }
        result
    }

    /// Whose session it is, as the next request will read it.
    fn owner(&self, Renewal { owner, .. }: Renewal<'_>) -> Option<RawValue> {
        self.record.raw(owner.name(), Some(owner))
    }

    fn renew_if_changed(
        &mut self,
        shared: &Shared,
        renewal: Option<Renewal<'_>>,
        before: Option<RawValue>,
    ) -> Result<()> {
        let Some(renewal) = renewal else {
            return Ok(());
        };
        let now = self.owner(renewal);
        if now.as_ref().map(RawValue::bytes) == before.as_ref().map(RawValue::bytes) {
            return Ok(());
        }
        self.renew(shared, renewal.stamp)
    }

    /// Removes a key; whether it was there. `renewal` is there where this may change whose session it is.
    pub(crate) fn del(
        &mut self,
        shared: &Shared,
        name: &str,
        info: Option<&KeyInfo>,
        renewal: Option<Renewal<'_>>,
    ) -> Result<bool> {
        self.check_takes_changes(renewal.is_some())?;
        let Some(renewal) = renewal else {
            return Ok(self.record.remove(name, info));
        };
        let before = (self.record.clone(), self.owner(renewal));
        let was_there = self.record.remove(name, info);
        let (record, owner) = before;
        if let Err(error) = self.renew_if_changed(shared, Some(renewal), owner) {
            self.record = record;
            return Err(error);
        }
        Ok(was_there)
    }

    /// Removes every key.
    #[cfg_attr(not(feature = "store"), expect(unused_variables))]
    pub(crate) fn clear(&mut self, shared: &Shared) -> Result<()> {
        self.check_takes_changes(false)?;
        self.record.clear();
        #[cfg(feature = "store")]
        self.cap(shared);
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
        self.set_end(shared);
        Ok(())
    }

    /// Lets the session end when the cookie to come does; that which came, where no other will come.
    pub(super) fn set_end(&mut self, shared: &Shared) {
        self.record.stamp.longest = shared.longest(&self.record);
        let record = &self.record;
        let is_same = |issued: &Issued| {
            issued.lifetime == record.lifetime() && issued.longest == record.stamp.longest
        };
        let computed = || {
            let issued_at = record.opened_at().max(record.stamp.born);
            shared.codec.expires_at(record, issued_at)
        };
        let issued = self.issued.filter(is_same);
        let end = issued.map_or_else(computed, |issued| issued.end);
        self.record.stamp.expires_at = end;
    }

    /// What a typed read leaves behind. A flash is consumed where the response shows something. A value with a ttl gets
    /// the deadline that it is judged by, where it has none and the cookie has room for one.
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
        #[cfg(feature = "store")]
        let stamp = self.unless_spared(stamp);
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
        self.issued = None;
        self.set_end(shared);
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
        self.issued = None;
        self.fate = Fate::Restarted;
        self.keep = self.came.any();
        #[cfg(feature = "store")]
        {
            self.row.begin_anew();
            self.cap(shared);
        }
    }

    fn end(&self, shared: &Shared, now: u64) {
        if let Some(origin) = self.origin {
            shared.note(origin, Retirement::Destroyed, now);
            shared.saves.note(origin);
        }
    }
}
