//! The handle by which a handler reads and writes its session.

mod life;
#[cfg(feature = "store")]
mod stored;

use core::fmt;
use std::sync::Arc;

use crate::data::SessionData;
use crate::error::{Error, MissingSession, Result};
use crate::key::{GetKey, KeyInfo, KeyName, PutKey};
use crate::raw::RawValue;
use crate::record::{Record, decode, encode};
use crate::request::{Entry, Loaded, Shared, current};

/// The session of a request.
///
/// It is a handle. Clones reach the same session, also from other tasks and threads, until the response head is made.
/// After that, every call returns [`Error::RequestEnded`]. The cookie is not read before the first call, and not
/// written before the response head.
///
/// In axum it is an extractor. Outside of axum, use [`Session::current`], or [`get`](crate::get), [`put`](crate::put)
/// and [`del`](crate::del) on the request.
///
/// A key is a typed [`Key`](crate::Key), which the derive makes, or its name: `session.get(Account::UID)` and
/// `session.get::<i64>("uid")` read the same value.
#[derive(Clone)]
pub struct Session {
    entry: Arc<Entry>,
}

impl Session {
    pub(crate) fn new(entry: Arc<Entry>) -> Self {
        Self { entry }
    }

    /// The value under `key`, or `None` if there is none or it has expired.
    ///
    /// A value of another type is [`Error::Type`]; other keys are not affected. A typed read of a `flash` key removes
    /// the key from the next cookie. The value stays readable in this request.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let theme: Option<String> = session.get("theme")?;
    /// let uid = session.get::<i64>("uid")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn get<T>(&self, key: impl GetKey<T>) -> Result<Option<T>> {
        self.read(&key)
    }

    /// The value under `key`, or [`Error::Missing`].
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let uid: i64 = session.require("uid")?; // in a handler: 401 where nobody is signed in
    /// # Ok(())
    /// # }
    /// ```
    pub fn require<T>(&self, key: impl GetKey<T>) -> Result<T> {
        self.read(&key)?.ok_or_else(|| Error::Missing {
            key: key.name().to_owned(),
            status: key.info().map_or(401, KeyInfo::missing_status),
        })
    }

    /// Puts `value` under `key`, for this request and the ones after it.
    ///
    /// A get can read every value that a put accepts. A NaN anywhere in the value, or a value that a typed key would
    /// not decode again, is [`Error::Encode`]; see [`Key`](crate::Key).
    ///
    /// The cookie's size is checked at once: [`Error::TooLarge`] leaves the session unchanged. Other errors are
    /// [`Error::TooDeep`], [`Error::ReservedKey`], [`Error::NotPrivate`] and [`Error::Destroyed`].
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// session.put("language", "en")?;
    /// session.put("cart", vec![("bread", 2), ("milk", 1)])?; // any type that serde knows
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    pub fn put<T>(&self, key: impl PutKey<T>, value: T) -> Result<()> {
        let raw = encode(&key, &value)?;
        self.entry.check_private(key.name(), key.info())?;
        self.put_raw(key.name(), key.info(), &raw)
    }

    /// Removes `key` and returns its value. A value that does not decode is [`Error::Type`] and stays. A HEAD request
    /// shows nothing, so it removes a `flash` key for this request only.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let return_to: Option<String> = session.take("return_to")?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "pop")]
    pub fn take<T>(&self, key: impl GetKey<T>) -> Result<Option<T>> {
        let Some(value) = self.read(&key)? else {
            return Ok(None);
        };
        let (name, info) = (key.name(), key.info());
        match info.filter(|info| info.is_flash() && self.entry.shows_nothing()) {
            Some(info) => self.with(|_, loaded| {
                loaded.record_mut().hide(name, info);
                Ok(())
            })?,
            None => drop(self.del_named(name, info)?),
        }
        Ok(Some(value))
    }

    /// Puts the value that `f` makes of the present value. No other update within this request is lost.
    ///
    /// `f` runs without a lock. If another task changed the value meanwhile, `f` is called again. If `f` writes the
    /// same key itself every time, the error is [`Error::Contended`].
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// session.update("visits", |n: Option<u32>| n.unwrap_or(0) + 1)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update<T>(
        &self,
        key: impl GetKey<T> + PutKey<T>,
        f: impl FnMut(Option<T>) -> T,
    ) -> Result<()> {
        self.update_by(&key, f)
    }

    fn update_by<T, K: GetKey<T> + PutKey<T>>(
        &self,
        key: &K,
        mut f: impl FnMut(Option<T>) -> T,
    ) -> Result<()> {
        const ATTEMPTS: usize = 10_000;
        let (name, info) = (key.name(), key.info());
        self.entry.check_private(name, info)?;
        for _ in 0..ATTEMPTS {
            let renewal = self.entry.renewal(name, info)?;
            let before = self.raw(name, info)?;
            let before = before.as_ref().map(RawValue::bytes);
            let old = before.map(|raw| decode(key, raw)).transpose()?;
            let raw = encode(key, &f(old))?;
            let stored = self.with(|shared, loaded| {
                let now = loaded.record().raw(name, info);
                if now.as_ref().map(RawValue::bytes) != before {
                    return Ok(false);
                }
                let put = loaded.put(shared, name, info, raw.bytes(), renewal);
                put.map(|()| true)
            })?;
            if stored {
                return Ok(());
            }
        }
        Err(Error::Contended {
            key: name.to_owned(),
        })
    }

    /// Removes `key` and its aliases. Returns whether there was a value.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// if session.del("coupon")? {
    ///     session.put("notice", "The coupon is gone.")?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "remove")]
    pub fn del(&self, key: impl KeyName) -> Result<bool> {
        self.del_named(key.name(), key.info())
    }

    /// Whether there is a value of any type under `key`. A flash stays unread.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let has_news = session.contains("notice")?; // and the notice can still be shown
    /// # Ok(())
    /// # }
    /// ```
    pub fn contains(&self, key: impl KeyName) -> Result<bool> {
        self.with(|_, loaded| Ok(loaded.record().has(key.name(), key.info())))
    }

    /// The names of all keys, in the order in which they were first put.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// for key in session.keys()?.iter().filter(|key| key.starts_with("draft.")) {
    ///     session.del(key)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn keys(&self) -> Result<Vec<String>> {
        self.with(|_, loaded| Ok(loaded.record().keys()))
    }

    /// Removes every key. The session keeps its id and birth. [`Session::destroy`] ends the session.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// session.clear()?; // an empty session, still the same one
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "flush")]
    pub fn clear(&self) -> Result<()> {
        self.with(|shared, loaded| loaded.clear(shared))
    }

    /// An owned snapshot, for streaming bodies and tasks that outlive the request.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn example(session: &Session) -> Result<()> {
    /// let record = session.record()?;
    /// std::thread::spawn(move || {
    ///     // The request may have ended.
    ///     let uid = record.get::<i64>("uid");
    ///     println!("{uid:?}");
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn record(&self) -> Result<Record> {
        self.with(|_, loaded| Ok(loaded.record().clone()))
    }

    /// The typed view that the derive made for `T`: `session.of::<Account>()` is an `AccountHandle`.
    ///
    /// ```
    /// # use session_runtime::{Result, Session, SessionData};
    /// #[derive(SessionData)]
    /// struct Account {
    ///     uid: i64,
    /// }
    ///
    /// fn is_signed_in(session: &Session) -> Result<bool> {
    ///     Ok(session.of::<Account>().get_uid()?.is_some())
    /// }
    /// ```
    #[must_use]
    pub fn of<T: SessionData>(&self) -> T::Handle {
        T::Handle::from(self.clone())
    }

    /// The session of the current request. It needs no argument, and works even if a middleware wrapped or rebuilt the
    /// request.
    ///
    /// It works only in the request's own task. Move a `Session` into each task that you spawn.
    ///
    /// ```
    /// use session_runtime::{Result, Session};
    ///
    /// fn language() -> Result<String> {
    ///     Ok(Session::current()?.get("language")?.unwrap_or_else(|| "en".to_owned()))
    /// }
    /// # assert!(language().is_err());
    /// ```
    pub fn current() -> Result<Self, MissingSession> {
        current()
            .map(Self::new)
            .ok_or_else(|| MissingSession::new("Session::current()"))
    }

    /// As [`Session::current`], but the session of the cookie of this name. Use it where layers are nested.
    ///
    /// ```
    /// use session_runtime::{Result, Session};
    ///
    /// /// The handler's own session is the inner one; this is the outer.
    /// fn remembered() -> Result<Option<i64>> {
    ///     Session::named("__Host-remember")?.get("uid")
    /// }
    /// # assert!(remembered().is_err());
    /// ```
    pub fn named(cookie_name: &str) -> Result<Self, MissingSession> {
        current()
            .and_then(|entry| entry.named(cookie_name))
            .map(Self::new)
            .ok_or_else(|| MissingSession::new("Session::named()"))
    }

    fn with<R>(&self, call: impl FnOnce(&Shared, &mut Loaded) -> Result<R>) -> Result<R> {
        self.entry.with(call)
    }

    fn read<T>(&self, key: &impl GetKey<T>) -> Result<Option<T>> {
        let (name, info) = (key.name(), key.info());
        let Some(raw) = self.raw(name, info)? else {
            return Ok(None);
        };
        let value = decode(key, raw.bytes())?;
        if let Some(info) = info.filter(|info| info.is_flash() || info.ttl().is_some()) {
            let shows = !self.entry.shows_nothing();
            self.with(|shared, loaded| {
                loaded.note_read(shared, name, info, shows);
                Ok(())
            })?;
        }
        Ok(Some(value))
    }

    fn raw(&self, name: &str, info: Option<&KeyInfo>) -> Result<Option<RawValue>> {
        self.with(|_, loaded| Ok(loaded.record().raw(name, info)))
    }

    fn put_raw(&self, name: &str, info: Option<&KeyInfo>, raw: &RawValue) -> Result<()> {
        let renewal = self.entry.renewal(name, info)?;
        self.with(|shared, loaded| loaded.put(shared, name, info, raw.bytes(), renewal))
    }

    fn del_named(&self, name: &str, info: Option<&KeyInfo>) -> Result<bool> {
        let renewal = self.entry.renewal(name, info)?;
        self.with(|shared, loaded| loaded.del(shared, name, info, renewal))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("cookie", &self.entry.name())
            .finish_non_exhaustive()
    }
}
