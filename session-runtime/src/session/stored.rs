//! The calls of a session that need a server-side store.

use super::Session;
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::key::{GetKey, Key, PutKey};
use crate::record::{decode, encode};
use crate::request::{Step, names};
use crate::store::{RevocationFeed, SessionInfo, Sessions, StoreId};

/// The most bytes of a label. Longer labels are cut.
const MAX_LABEL: usize = 200;

/// Calls that commit before they return, exact across requests and servers. So a session in a store can hold one-time
/// codes and attempt counters.
///
/// A session without a store returns [`Error::NoStore`]. A session that was ended meanwhile returns [`Error::Gone`].
/// Committed changes stay, whatever the response.
impl Session {
    /// Puts the value that `f` makes of the present value, and returns it. No update of any request on any server is
    /// lost.
    ///
    /// If another request was faster, `f` is called again. The other changes of this request are saved at its end. If
    /// the session is new or renewed, they are saved at once with this one.
    ///
    /// ```
    /// use session_runtime::{Error, Key, Result, Session};
    ///
    /// const ATTEMPTS: Key<u32> = Key::new("attempts");
    ///
    /// async fn check_code(session: Session, code: &str) -> Result<bool> {
    ///     let attempts = session.update_now(ATTEMPTS, |n| n.unwrap_or(0) + 1).await?;
    ///     Ok(attempts <= 5 && code == "123456")
    /// }
    /// ```
    ///
    /// An attempt counter ends with its session: a visitor who drops the cookie gets a new counter. Count by account
    /// too.
    pub async fn update_now<T>(
        &self,
        key: impl GetKey<T> + PutKey<T>,
        mut f: impl FnMut(Option<T>) -> T,
    ) -> Result<T> {
        let (name, info) = (key.name(), key.info());
        self.entry.check_private(name, info)?;
        if self.entry.renewal(name, info)?.is_some() {
            // A change of the owner needs a new id, so it saves all changes.
            self.entry.shared().stored()?;
            self.update_by(&key, &mut f)?;
            self.save_now().await?;
            return self.read(&key)?.ok_or(Error::Gone);
        }
        let names = names(name, info);
        self.entry
            .commit(Some(&names), |record| {
                let before = record.raw(name, info);
                let before = before.map(|raw| decode(&key, raw.bytes())).transpose()?;
                let value = f(before);
                let raw = encode(&key, &value)?;
                let _undo = record.put_raw(name, info, raw.bytes());
                Ok(Step::Write(value))
            })
            .await
    }

    /// Removes `key` and returns its value. Of any number of requests on any servers, at most one gets the value.
    ///
    /// A value that does not decode is [`Error::Type`] and stays.
    ///
    /// ```
    /// use session_runtime::{Key, Result, Session};
    ///
    /// const CODE: Key<String> = Key::new("code");
    ///
    /// async fn redeem(session: Session, code: &str) -> Result<bool> {
    ///     Ok(session.take_now(CODE).await?.is_some_and(|stored| stored == code))
    /// }
    /// ```
    pub async fn take_now<T>(&self, key: impl GetKey<T>) -> Result<Option<T>> {
        let (name, info) = (key.name(), key.info());
        if self.entry.renewal(name, info)?.is_some() {
            self.entry.shared().stored()?;
            let value = self.take(key)?;
            self.save_now().await?;
            return Ok(value);
        }
        let names = names(name, info);
        self.entry
            .commit(Some(&names), |record| {
                let Some(raw) = record.raw(name, info) else {
                    return Ok(Step::Leave(None));
                };
                let value = decode(&key, raw.bytes())?;
                record.remove(name, info);
                Ok(Step::Write(Some(value)))
            })
            .await
    }

    /// Commits everything that this request changed so far, also a [`Session::destroy`]. So a handler learns of a
    /// failure before it commits elsewhere. Without changes it does nothing.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// # fn charge() {}
    /// async fn order(session: &Session) -> Result<()> {
    ///     session.put("ordered", true)?;
    ///     session.save_now().await?; // fails: nothing is charged
    ///     charge();
    ///     Ok(())
    /// }
    /// ```
    pub async fn save_now(&self) -> Result<()> {
        self.entry.save().await
    }

    /// Loads the session, if the layer leaves that to the handler
    /// ([`Loading::OnExtract`](crate::store::Loading::OnExtract)). Otherwise it does nothing. The extractors call it
    /// themselves. If the store does not answer, this call and every call of the session is [`Error::Unavailable`].
    ///
    /// ```
    /// use session_runtime::{Result, Session};
    ///
    /// /// A middleware where the layer has `Loading::OnExtract`.
    /// async fn uid() -> Result<Option<i64>> {
    ///     let session = Session::current()?;
    ///     session.load().await?;
    ///     session.get("uid")
    /// }
    /// ```
    pub async fn load(&self) -> Result<()> {
        self.entry.load().await
    }

    /// Whether the session must be loaded before it can be used.
    #[cfg(feature = "axum")]
    pub(crate) fn must_load(&self) -> bool {
        self.entry.must_load()
    }

    /// Sets the name of the session in lists of its owner's sessions, such as "Firefox on Linux". It is cut at 200
    /// bytes and stays until another is set. For a cookie session it does nothing.
    ///
    /// ```
    /// # use session_runtime::{Result, Session};
    /// fn signed_in(session: &Session, user_agent: &str) -> Result<()> {
    ///     session.put("uid", 7)?;
    ///     session.set_label(user_agent)
    /// }
    /// ```
    pub fn set_label(&self, text: &str) -> Result<()> {
        if self.entry.shared().stored().is_err() {
            return Ok(());
        }
        let ends = (0..=MAX_LABEL.min(text.len())).rev();
        let label = ends.into_iter().find_map(|end| text.get(..end));
        let label = label.unwrap_or_default().to_owned();
        self.with(|_, loaded| loaded.set_label(label))
    }

    /// The ids of the session in the store: the id in the request's cookie, and the id in the response's cookie.
    fn store_ids(&self) -> Result<Vec<StoreId>> {
        let stored = self.entry.shared().stored()?;
        let ids = self.with(|_, loaded| Ok(loaded.all_ids()))?;
        Ok(ids.iter().map(|id| stored.vault.id(id)).collect())
    }
}

/// The data that a feed needs to revoke a session.
pub(crate) struct Revoking {
    pub(crate) ids: Vec<StoreId>,
    /// The longest lifetime of its layer's sessions, in seconds.
    pub(crate) max_age: u64,
}

impl Session {
    /// The session's data for this feed. [`Error::NoFeed`] if its layer uses another feed or
    /// none.
    pub(crate) fn revoked_by(&self, feed: &RevocationFeed) -> Result<Revoking> {
        let cookie = self.entry.shared().asked(feed)?;
        let ids = self.with(|_, loaded| Ok(loaded.all_ids()))?;
        Ok(Revoking {
            ids: cookie.ids(&ids),
            max_age: cookie.max_age(),
        })
    }

    /// The ids that this feed spares from a revocation, to keep the session.
    pub(crate) fn spared_by(&self, feed: &RevocationFeed) -> Result<Vec<SessionId>> {
        let _asked = self.entry.shared().asked(feed)?;
        if self.entry.shared().stored().is_ok() {
            return self.with(|_, loaded| Ok(loaded.spared_ids()));
        }
        let next = SessionId::random()?;
        self.with(|shared, loaded| loaded.spare(shared, next))
    }
}

impl Sessions {
    /// As [`Sessions::revoke_all`], but keeps the session of this request: "sign out everywhere else". It works before
    /// and after a [`Session::renew`] in the request.
    ///
    /// ```
    /// use session_runtime::{Key, Result, Session, store::Sessions};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// async fn sign_out_elsewhere(sessions: &Sessions, session: &Session) -> Result<u64> {
    ///     let uid = session.require(UID)?;
    ///     sessions.revoke_others(UID, &uid, session).await
    /// }
    /// ```
    pub async fn revoke_others<T>(&self, key: Key<T>, owner: &T, keep: &Session) -> Result<u64> {
        let stored = keep.entry.shared().stored()?;
        let spared = keep.with(|_, loaded| Ok(loaded.spared_ids()))?;
        let spared = spared.iter().map(|id| stored.vault.id(id)).collect();
        self.revoke_but(key, owner, spared).await
    }
}

impl SessionInfo {
    /// Whether it is the session of this request.
    #[must_use]
    pub fn is(&self, session: &Session) -> bool {
        let ids = session.store_ids();
        ids.is_ok_and(|ids| ids.contains(&self.id()))
    }
}
