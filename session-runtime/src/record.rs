//! What a session holds, without a request: its stamp (id, birth, issue time) and its keys with their raw values.

mod buffer;
mod details;
mod field;
mod index;
mod json;
mod value;
mod write;

use core::ops::Range;
use std::fmt;
use std::time::{Duration, SystemTime};

pub(crate) use buffer::ROOM;
use buffer::{Buffer, Span};
pub use details::KeyDetails;
use field::{Field, Flash};
use smallvec::SmallVec;
pub(crate) use value::{decode, encode};

use crate::error::{Refusal, Result};
use crate::id::SessionId;
use crate::key::{GetKey, KeyInfo, KeyName, PutKey};
use crate::lifetime::Lifetime;
use crate::limits::MAX_AHEAD;
use crate::raw::RawValue;
use crate::time::time;

/// What a cookie holds: the session's id, its times, and its keys with their values.
///
/// An owned snapshot: it stays readable after the request has ended, and what is put into it reaches no cookie but
/// through [`CookieStore::seal`](crate::CookieStore::seal). Reading a flash key from it consumes nothing.
#[derive(Clone)]
pub struct Record {
    pub(crate) stamp: Stamp,
    buffer: Buffer,
    /// The payload that came.
    payload: Span,
    /// What the format of the cookie keeps of the session beside the payload; not read here.
    pub(crate) kept: Option<Box<[u8]>>,
    /// Whether it differs from what came by more than its fields say: what was kept beside them was cleared, or the
    /// payload holds changes already that are not in the store.
    differs: bool,
    fields: Fields,
    /// What was chosen for this session.
    lifetime: Lifetime,
    /// When the record was opened; keys with a deadline are judged at this time.
    now: u64,
    dirty: bool,
    /// Whether more was done to it than that flashes were shown.
    edited: bool,
}

/// In the order in which they were first put. Most sessions have no more keys than need no allocation.
type Fields = SmallVec<[Field; 6]>;

/// Identity and times of a session, in seconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The id in the cookie; with a store a secret.
    pub(crate) sid: SessionId,
    /// What is shown of it.
    pub(crate) id: SessionId,
    pub(crate) born: u64,
    pub(crate) issued_at: u64,
    /// min(ttl of the cookie, configured `max_age`).
    pub(crate) lifetime: u64,
    pub(crate) expires_at: u64,
    /// From when on the cookie is issued again when it is used.
    pub(crate) due_at: u64,
    /// The cookie is valid but of a kind that is replaced when it is used: signed by a retired key.
    pub(crate) outdated: bool,
    /// The cookie was made by a clock that is well ahead of ours.
    pub(crate) ahead: bool,
    /// The longest lifetime that the cookie gets in this layer, in seconds.
    pub(crate) longest: u64,
    /// Whether the id goes into the cookie; a format may leave it out until it is used.
    pub(crate) has_id: bool,
}

/// What of a request is not in the store yet.
#[cfg(feature = "store")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pending {
    Nothing,
    /// Flashes that were shown are still there.
    Shown,
    Edits,
}

/// What [`Record::undo`] needs to take one put back.
pub(crate) struct Undo {
    at: usize,
    replaced: Option<Field>,
    aliases: Vec<(usize, Field)>,
    buffer_len: usize,
    dirty: bool,
    edited: bool,
}

impl Record {
    pub(crate) fn empty(stamp: Stamp, now: u64) -> Self {
        Self {
            stamp,
            buffer: Buffer::default(),
            payload: Span::default(),
            kept: None,
            differs: false,
            fields: Fields::default(),
            lifetime: Lifetime::Configured,
            now,
            dirty: false,
            edited: false,
        }
    }

    /// The record whose payload stands in this place of `bytes`.
    pub(crate) fn parse(
        stamp: Stamp,
        bytes: Vec<u8>,
        payload: Range<usize>,
        now: u64,
    ) -> Result<Self, Refusal> {
        let buffer = Buffer::new(bytes);
        let payload = Span::new(payload.start, payload.end);
        let (fields, lifetime) = index::index(&buffer, payload)?;
        Ok(Self {
            stamp,
            buffer,
            payload,
            kept: None,
            differs: false,
            fields,
            lifetime,
            now,
            dirty: false,
            edited: false,
        })
    }

    pub(crate) fn keeping(self, kept: Option<Box<[u8]>>) -> Self {
        Self { kept, ..self }
    }

    /// The session's id.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let (one, other) = (store.new_record()?, store.new_record()?);
    /// assert_ne!(one.id(), other.id());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.stamp.id
    }

    /// When the session began, or was last renewed.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let record = store.new_record()?;
    /// // A hook that wants passwords once a day:
    /// let age = record.born().elapsed().unwrap_or_default();
    /// let is_stale = age.as_secs() > 86_400;
    /// assert!(!is_stale);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn born(&self) -> SystemTime {
        time(self.stamp.born)
    }

    /// When its cookie was made; for a record that was never in one, when it was created.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let record = store.new_record()?;
    /// assert!(record.issued_at() <= record.expires_at());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn issued_at(&self) -> SystemTime {
        time(self.stamp.issued_at)
    }

    /// From when on its cookie is refused, unless it is issued again before.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let mut record = store.new_record()?;
    /// let is_over = record.expires_at() <= std::time::SystemTime::now();
    /// assert!(!is_over);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        time(self.stamp.expires_at)
    }

    /// How long the session lives, where that was chosen for it.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let record = store.new_record()?;
    /// use session_runtime::Lifetime;
    ///
    /// assert_eq!(record.lifetime(), Lifetime::Configured); // nobody chose
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// Chooses how long the session lives; the one before.
    pub(crate) fn set_lifetime(&mut self, lifetime: Lifetime) -> Lifetime {
        if self.lifetime != lifetime {
            self.edit();
        }
        core::mem::replace(&mut self.lifetime, lifetime)
    }

    /// The names of the keys, in the order in which they were first put.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let mut record = store.new_record()?;
    /// record.put("uid", 7)?;
    /// record.put("theme", "dark")?;
    /// assert_eq!(record.keys(), ["uid", "theme"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let fields = self.fields.iter();
        let live = fields.filter(|field| self.is_live(field, None));
        live.map(|field| field.name_text(&self.buffer)).collect()
    }

    /// The value under `key`, or `None` where there is none.
    ///
    /// [`Error::Type`](crate::Error::Type) if it does not decode as a `T`.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let mut record = store.new_record()?;
    /// record.put("uid", 7)?;
    /// assert_eq!(record.get("uid")?, Some(7_i64));
    /// assert!(record.get::<String>("uid").is_err()); // another type, and no panic
    /// # Ok(())
    /// # }
    /// ```
    pub fn get<T>(&self, key: impl GetKey<T>) -> Result<Option<T>> {
        let found = self.value(key.name(), key.info());
        found.map(|raw| decode(&key, raw)).transpose()
    }

    /// Puts `value` under `key`. The size is checked when the record is sealed.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let mut record = store.new_record()?;
    /// record.put("theme", "dark")?;
    /// let set_cookie = store.seal(&record)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn put<T>(&mut self, key: impl PutKey<T>, value: T) -> Result<()> {
        let raw = encode(&key, &value)?;
        let _undo = self.put_raw(key.name(), key.info(), raw.bytes());
        Ok(())
    }

    /// Removes `key`; whether it was there.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let mut record = store.new_record()?;
    /// record.put("uid", 7)?;
    /// assert!(record.del("uid")?);
    /// assert_eq!(record.get::<i64>("uid")?, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn del(&mut self, key: impl KeyName) -> Result<bool> {
        Ok(self.remove(key.name(), key.info()))
    }

    /// Whether a value can be read under the name or one of its aliases.
    pub(crate) fn has(&self, name: &str, info: Option<&KeyInfo>) -> bool {
        self.find(name, info).is_some()
    }

    /// The value that a read of this key sees, to be decoded without the record at hand.
    pub(crate) fn raw(&self, name: &str, info: Option<&KeyInfo>) -> Option<RawValue> {
        self.value(name, info).map(RawValue::copy)
    }

    fn value(&self, name: &str, info: Option<&KeyInfo>) -> Option<&[u8]> {
        let field = &self.fields[self.find(name, info)?];
        Some(self.buffer.get(field.value))
    }

    /// Puts the encoded value, with the deadline that the key asks for, and removes the key's aliases.
    pub(crate) fn put_raw(&mut self, name: &str, info: Option<&KeyInfo>, raw: &[u8]) -> Undo {
        self.compact();
        let (buffer_len, dirty, edited) = (self.buffer.len(), self.dirty, self.edited);
        let aliases = self.take_aliases(name, info);
        let deadline = info
            .and_then(KeyInfo::ttl)
            .map(|ttl| deadline(self.now, ttl));
        let private = info.is_some_and(KeyInfo::is_private);
        let value = self.buffer.put(&[raw]);
        let at = self.position(name).unwrap_or(self.fields.len());
        let replaced = self.fields.get(at).cloned();
        let is_same = |field: &Field| field.holds(&self.buffer, value, deadline);
        if !replaced.as_ref().is_some_and(is_same) {
            self.edit();
        }
        let field = replaced.clone();
        let field = field.unwrap_or_else(|| Field::named(name, value, &mut self.buffer));
        let field = field.with(value, deadline, private);
        match self.fields.get_mut(at) {
            Some(place) => *place = field,
            None => self.fields.push(field),
        }
        Undo {
            at,
            replaced,
            aliases,
            buffer_len,
            dirty,
            edited,
        }
    }

    fn edit(&mut self) {
        self.dirty = true;
        self.edited = true;
    }

    /// Frees what was put and replaced since, once it is most of what was put.
    fn compact(&mut self) {
        if self.buffer.has_much_put() {
            let spans = self.fields.iter_mut().flat_map(Field::spans);
            self.buffer.compact(spans);
        }
    }

    fn take_aliases(&mut self, name: &str, info: Option<&KeyInfo>) -> Vec<(usize, Field)> {
        let mut taken = Vec::new();
        for &alias in info.map_or(&[][..], KeyInfo::aliases) {
            if let Some(at) = self.position(alias).filter(|_| alias != name) {
                taken.push((at, self.fields.remove(at)));
                self.edit();
            }
        }
        taken
    }

    /// Takes back the latest put.
    pub(crate) fn undo(&mut self, undo: Undo) {
        match undo.replaced {
            Some(field) => self.fields[undo.at] = field,
            None => self.fields.truncate(undo.at),
        }
        for (at, field) in undo.aliases.into_iter().rev() {
            self.fields.insert(at, field);
        }
        self.buffer.truncate(undo.buffer_len);
        self.dirty = undo.dirty;
        self.edited = undo.edited;
    }

    /// Removes the key and its aliases; whether a read would have seen it. What is past its deadline is left to the
    /// next save.
    pub(crate) fn remove(&mut self, name: &str, info: Option<&KeyInfo>) -> bool {
        let seen = self.has(name, info);
        while let Some(at) = self.find(name, info) {
            self.fields.remove(at);
            self.edit();
        }
        seen
    }

    pub(crate) fn clear(&mut self) {
        if !self.fields.is_empty() {
            self.edit();
        }
        self.fields.clear();
        if self.kept.take().is_some() {
            self.differs = true;
            self.edit();
        }
    }

    /// Notes that the payload holds changes that are not in the store: flashes that were shown, or more.
    #[cfg(feature = "store")]
    pub(crate) fn note_pending(&mut self, pending: Pending) {
        self.differs = pending != Pending::Nothing;
        self.dirty = self.differs;
        self.edited = pending == Pending::Edits;
    }

    /// Notes that a flash value was shown, so that the next cookie goes without it.
    pub(crate) fn consume(&mut self, name: &str, info: &KeyInfo) {
        if let Some(field) = self.find_mut(name, info)
            && field.flash() == Flash::Unread
        {
            field.set_flash(Flash::Read);
            self.dirty = true;
        }
    }

    /// Hides a flash value that was taken where nothing is shown, so that only this request goes without it.
    pub(crate) fn hide(&mut self, name: &str, info: &KeyInfo) {
        while let Some(field) = self.find_mut(name, info) {
            field.set_flash(Flash::Hidden);
        }
    }

    /// Gives a value without a deadline, found under a key with a ttl, the one that it is judged by, so that saves do
    /// not move it. Causes no save. Whether there was such a value.
    pub(crate) fn set_deadline_if_none(&mut self, name: &str, info: &KeyInfo) -> bool {
        let Some(ttl) = info.ttl() else {
            return false;
        };
        let Some(at) = self.find(name, Some(info)) else {
            return false;
        };
        let put_at = self.put_at(&self.fields[at]);
        let field = &mut self.fields[at];
        let has_none = field.deadline().is_none();
        if has_none {
            field.set_deadline(Some(deadline(put_at, ttl)));
        }
        has_none
    }

    pub(crate) fn clear_deadline(&mut self, name: &str, info: &KeyInfo) {
        if let Some(field) = self.find_mut(name, info) {
            field.set_deadline(None);
        }
    }

    /// Whether the payload differs from the one that came by more than what time took away.
    pub(crate) fn is_changed(&self) -> bool {
        const UNSWEPT: u64 = 0;
        if !self.dirty {
            return false;
        }
        if self.differs {
            return true;
        }
        let came = match self.buffer.get(self.payload) {
            [] => b"{}",
            came => came,
        };
        let mut left = Some(came);
        self.emit(UNSWEPT, |piece| {
            left = left.and_then(|left| left.strip_prefix(piece));
        });
        left.is_none_or(|left| !left.is_empty())
    }

    /// Whether nothing was done to it but that flashes were shown.
    #[cfg(feature = "store")]
    pub(crate) fn is_only_shown(&self) -> bool {
        !self.edited
    }

    /// The names of flashes that were shown in this request.
    #[cfg(feature = "store")]
    pub(crate) fn shown(&self) -> Vec<String> {
        let shown = self
            .fields
            .iter()
            .filter(|field| field.flash() == Flash::Read);
        shown.map(|field| field.name_text(&self.buffer)).collect()
    }

    /// The payload's text, without what is over at that time.
    #[cfg(feature = "store")]
    pub(crate) fn text(&self, at: u64) -> Vec<u8> {
        let mut text = Vec::with_capacity(self.payload_len(at));
        self.write(at, &mut text);
        text
    }

    /// The record with this payload, as it is in the store now. What was shown in this request stays readable in it,
    /// and what was put behind that stays for the next one.
    #[cfg(feature = "store")]
    pub(crate) fn rebased(&self, text: Vec<u8>) -> Result<Self, Refusal> {
        let payload = 0..text.len();
        let mut record = Self::parse(self.stamp, text, payload, self.now)?;
        for field in self
            .fields
            .iter()
            .filter(|field| field.flash() != Flash::Unread)
        {
            let name = field.name_text(&self.buffer);
            match (record.position(&name), field.flash()) {
                (None, Flash::Read) => {
                    let value = record.buffer.put(&[self.buffer.get(field.value)]);
                    let mut shown = Field::named(&name, value, &mut record.buffer);
                    shown.set_flash(Flash::Read);
                    record.fields.push(shown);
                }
                (Some(at), flash @ (Flash::ForNextRequest | Flash::Hidden)) => {
                    record.fields[at].set_flash(flash);
                }
                _ => {}
            }
        }
        Ok(record)
    }

    /// Whether a key that an unencrypted cookie must not carry was put.
    pub(crate) fn private_key(&self) -> Option<String> {
        let field = self.fields.iter().find(|field| field.is_private())?;
        Some(field.name_text(&self.buffer))
    }

    /// The largest keys with the bytes of their pairs, largest first.
    pub(crate) fn largest(&self) -> Vec<(String, usize)> {
        const SHOWN: usize = 5;
        let mut fields: Vec<&Field> = self.written(self.now).collect();
        fields.sort_by_key(|field| core::cmp::Reverse(field.pair_len()));
        let largest = fields.iter().take(SHOWN);
        largest
            .map(|field| (field.name_text(&self.buffer), field.pair_len()))
            .collect()
    }

    /// A time by which the session had begun, also by the word of a clock that was ahead.
    pub(crate) fn begun_by(&self) -> u64 {
        let Stamp { born, ahead, .. } = self.stamp;
        if ahead {
            born.min(self.now).saturating_sub(MAX_AHEAD)
        } else {
            born
        }
    }

    pub(crate) fn opened_at(&self) -> u64 {
        self.now
    }

    fn position(&self, name: &str) -> Option<usize> {
        let name = name.as_bytes();
        let mut fields = self.fields.iter();
        fields.position(|field| field.name(&self.buffer) == name)
    }

    /// Where a read of the key finds its value: under its name, else under the first alias that has one.
    fn find(&self, name: &str, info: Option<&KeyInfo>) -> Option<usize> {
        let ttl = info.and_then(KeyInfo::ttl);
        let live = |name: &str| {
            let at = self.position(name)?;
            self.is_live(&self.fields[at], ttl).then_some(at)
        };
        let aliases = info.map_or(&[][..], KeyInfo::aliases);
        live(name).or_else(|| aliases.iter().find_map(|alias| live(alias)))
    }

    fn find_mut(&mut self, name: &str, info: &KeyInfo) -> Option<&mut Field> {
        let at = self.find(name, Some(info))?;
        self.fields.get_mut(at)
    }

    fn is_live(&self, field: &Field, ttl: Option<Duration>) -> bool {
        let by_ttl = || ttl.map(|ttl| deadline(self.put_at(field), ttl));
        field.flash() != Flash::Hidden && is_before(self.now, field.deadline().or_else(by_ttl))
    }

    /// The best known time of a value's last put.
    fn put_at(&self, field: &Field) -> u64 {
        if field.is_put {
            self.now
        } else {
            self.stamp.issued_at
        }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("id", &self.stamp.id)
            .field("keys", &self.keys())
            .finish_non_exhaustive()
    }
}

/// The id in the cookie is not shown.
impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp")
            .field("id", &self.id)
            .field("born", &self.born)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The latest deadline that is written, the largest integer that other readers of the format can be trusted with.
const LATEST: u64 = i64::MAX as u64;

/// Whether there is time left at `now`; without a deadline there always is.
fn is_before(now: u64, deadline: Option<u64>) -> bool {
    deadline.is_none_or(|at| now < at)
}

fn deadline(put_at: u64, ttl: Duration) -> u64 {
    put_at.saturating_add(ttl.as_secs()).min(LATEST)
}

#[cfg(test)]
mod tests;
