//! What a session holds, without a request: its stamp (id, birth, issue time) and its keys with their raw values.

mod buffer;
mod changes;
mod details;
mod edit;
mod field;
mod find;
mod index;
mod json;
mod value;
mod write;

use core::ops::Range;
use std::fmt;
use std::time::SystemTime;

pub(crate) use buffer::ROOM;
use buffer::{Buffer, Span};
#[cfg(feature = "store")]
pub(crate) use changes::Pending;
pub use details::KeyDetails;
use field::Field;
use smallvec::SmallVec;
pub(crate) use value::{decode, encode};

use crate::error::{Refusal, Result};
use crate::id::SessionId;
use crate::key::{GetKey, KeyName, PutKey};
use crate::lifetime::Lifetime;
use crate::limits::MAX_AHEAD;
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

#[cfg(test)]
mod tests;
