//! What a session can do where it is in a store of the server.

use super::Session;
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::key::{GetKey, Key, PutKey};
use crate::record::{decode, encode};
use crate::request::{Step, names};
use crate::store::{RevocationFeed, SessionInfo, Sessions, StoreId};

/// Bytes of a label; what is over is cut.
const MAX_LABEL: usize = 200;

/// Calls that commit before they answer, exact across requests and servers: one-time codes and attempt counters may be
/// kept in a session that is in a store.
///
/// A session in a cookie alone answers [`Error::NoStore`]; one that was ended meanwhile, [`Error::Gone`]. What is
/// committed stays, whatever the response.
impl Session {
    /// Puts what `f` makes of the present value, and answers it: no update of any request on any server is lost.
    ///
    /// `f` is called again where another request was faster. The other changes of this request wait for its end, unless
    /// the session is new or renewed: then all goes at once.
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
    /// An attempt counter goes with its session: who drops the cookie begins a new one. Count by account too.
    pub async fn update_now<T>(
        &self,
        key: impl GetKey<T> + PutKey<T>,
        mut f: impl FnMut(Option<T>) -> T,
    ) -> Result<T> {
        let (name, info) = (key.name(), key.info());
        self.entry.check_private(name, info)?;
        if self.entry.renewal(name, info)?.is_some() {
            // Whose session it is goes with a new id, so with everything.
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

    /// The value under `key`, which is removed: of any number of requests on any servers at most one gets it.
    ///
    /// One that does not decode stays, and is [`Error::Type`].
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

    /// Commits everything that this request changed so far, also a [`Session::destroy`], so that a handler learns of a
    /// failure before it commits elsewhere. Where nothing changed, nothing is done.
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

    /// Loads the session, where the layer leaves that to the handler
    /// ([`Loading::OnExtract`](crate::store::Loading::OnExtract)); elsewhere there is nothing to do. The extractors do
    /// it by themselves. [`Error::Unavailable`] where the store does not answer, as every call of the session then is.
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

    /// Whether the session is to be loaded before it can be used.
    #[cfg(feature = "axum")]
    pub(crate) fn must_load(&self) -> bool {
        self.entry.must_load()
    }

    /// Calls the session so in lists of its owner's: "Firefox on Linux". Cut at 200 bytes, kept until another is set.
    /// In a cookie session nothing happens.
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

    /// The ids of the session in the store: that under which it came, and that under which it goes.
    fn store_ids(&self) -> Result<Vec<StoreId>> {
        let stored = self.entry.shared().stored()?;
        let ids = self.with(|_, loaded| Ok(loaded.all_ids()))?;
        Ok(ids.iter().map(|id| stored.vault.id(id)).collect())
    }
}

/// What a feed must know to revoke a session.
pub(crate) struct Revoking {
    pub(crate) ids: Vec<StoreId>,
    /// The longest lifetime of its layer's sessions, in seconds.
    pub(crate) max_age: u64,
}

impl Session {
    /// The session as this feed knows it; [`Error::NoFeed`](crate::Error::NoFeed) where its layer asks another or none.
    pub(crate) fn revoked_by(&self, feed: &RevocationFeed) -> Result<Revoking> {
        let cookie = self.entry.shared().asked(feed)?;
        let ids = self.with(|_, loaded| Ok(loaded.all_ids()))?;
        Ok(Revoking {
            ids: cookie.ids(&ids),
            max_age: cookie.max_age(),
        })
    }

    /// The ids under which this feed spares the session.
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
    /// As [`Sessions::revoke_all`], but for the session of this request: "sign out everywhere else", also before or
    /// after a [`Session::renew`] in it.
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
