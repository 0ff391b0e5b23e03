//! The feed that tells every server which cookie sessions were revoked.
//!
//! Servers publish notices in the store. Each server reads them once a second and keeps them in memory, so that no
//! request asks the store. Each engine has its own encoding of a notice. The layer's side is in `cookie`.

mod cookie;
mod revoked;

use core::fmt;
use core::time::Duration;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::SystemTime;

pub(crate) use cookie::{Asking, FeedCookie};
use revoked::Revoked;
use tokio::time::{Instant, sleep, timeout};

use super::erased::AnyStore;
use super::vault::in_own_task;
use super::{Notice, Notices, SessionStore, StoreError, Subject, WriteId, log};
use crate::error::{BoxError, Error, Result};
use crate::key::Key;
use crate::record::encode;
use crate::session::Session;

/// The time from one reading to the next.
const PERIOD: Duration = Duration::from_secs(1);
/// How far a reading goes back behind the last one, since a notice may become visible later than its time.
const OVERLAP: Duration = Duration::from_secs(60);
/// The time from one removal of expired notices to the next.
const SWEEP_PERIOD: Duration = Duration::from_secs(300);
/// How long a reading may take. The store's own time-out is shorter.
const READING: Duration = Duration::from_secs(10);
/// How old the last good reading may be, unless the feed says otherwise.
const MAX_STALENESS: Duration = Duration::from_secs(5);
/// How much longer than a session's `max_age` a notice is kept, since clocks may be wrong by a day.
const MARGIN: Duration = Duration::from_secs(2 * 86_400);

/// Ends cookie sessions on every server, at no trip per request.
///
/// A server publishes its revocations in the store. It reads the revocations of all servers every second, and keeps
/// them in memory. All servers refuse a revoked cookie within two seconds. A clone is the same feed.
///
/// Each server must run [`RevocationFeed::run`]. Without a good reading within the last 5 seconds
/// ([`RevocationFeed::with_max_staleness`]) a server does not know what was revoked. Then every session call of a
/// request with a readable cookie is [`Error::Unavailable`] (503), and no cookie is changed.
///
/// ```
/// # #[cfg(feature = "axum")]
/// # async fn app() -> Result<axum::Router, Box<dyn std::error::Error>> {
/// use session_runtime::store::{MemoryStore, RevocationFeed};
/// use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
///
/// # let store = MemoryStore::new();
/// let feed = RevocationFeed::new(store); // one that all servers reach
/// tokio::spawn(feed.clone().run());
/// # let key = SecretKeys::generate()?;
/// let config = CookieStoreConfig::new("__Host-session", key);
/// let layer = SessionLayer::new(config)?.with_revocation(feed.clone());
/// let app = axum::Router::new().layer(layer); // with the feed as a state, for handlers that revoke
/// # Ok(app)
/// # }
/// ```
#[derive(Clone)]
pub struct RevocationFeed {
    feed: Arc<Feed>,
    max_staleness: Duration,
    trusts_when_stale: bool,
}

/// What the clones of a feed share.
struct Feed {
    store: AnyStore,
    revoked: Revoked,
    /// The cookies whose layers use the feed and have an `owner` key.
    cookies: Mutex<Vec<FeedCookie>>,
    /// The engine's time of the last good reading. The lock allows one reading at a time.
    position: tokio::sync::Mutex<Option<SystemTime>>,
    made_at: Instant,
    /// Milliseconds from `made_at` to the start of the last good reading, plus one. 0 before the first good reading.
    read_by: AtomicU64,
}

impl RevocationFeed {
    /// A feed in this store. The store may hold sessions as well.
    pub fn new(store: impl SessionStore) -> Self {
        Self {
            feed: Arc::new(Feed {
                store: Arc::new(store),
                revoked: Revoked::default(),
                cookies: Mutex::default(),
                position: tokio::sync::Mutex::default(),
                made_at: Instant::now(),
                read_by: AtomicU64::new(0),
            }),
            max_staleness: MAX_STALENESS,
            trusts_when_stale: false,
        }
    }

    /// How long after the last good reading the feed still answers; 5 seconds by default. A session that was revoked
    /// meanwhile stays valid for this time. The least is two seconds, since readings are a second apart. Earlier clones
    /// keep their value.
    #[must_use]
    pub fn with_max_staleness(self, max_staleness: Duration) -> Self {
        Self {
            max_staleness: max_staleness.max(2 * PERIOD),
            ..self
        }
    }

    /// Accepts sessions while the feed can't be read, instead of refusing all. Earlier clones still refuse.
    ///
    /// The cost: while the store is away, this server refuses only sessions whose revocation it has read. A visitor who
    /// was signed out elsewhere stays signed in here, and so does a thief of a cookie. A server that starts without the
    /// store knows no revocation, not even those that it read before the restart. Meanwhile, use issues cookies again.
    #[must_use]
    pub fn trusting_when_stale(self) -> Self {
        Self {
            trusts_when_stale: true,
            ..self
        }
    }

    /// Reads the revocations at once and then every second, and never ends. It removes expired notices from the store
    /// every five minutes. A failed reading is repeated a second later. Each server runs it once.
    ///
    /// ```
    /// # fn start(feed: session_runtime::store::RevocationFeed) {
    /// tokio::spawn(feed.clone().run());
    /// # }
    /// ```
    pub async fn run(self) {
        let mut reading = pin!(self.keep_reading());
        let mut sweeping = pin!(self.keep_sweeping());
        core::future::poll_fn(|context| {
            let _endless: [Poll<()>; 2] = [
                reading.as_mut().poll(context),
                sweeping.as_mut().poll(context),
            ];
            Poll::<()>::Pending
        })
        .await;
    }

    async fn keep_reading(&self) {
        let mut is_told = false;
        loop {
            match self.feed.read().await {
                Ok(()) => is_told = false,
                Err(error) if !is_told => {
                    is_told = true;
                    log::feed_not_read(&error);
                }
                Err(_) => {}
            }
            sleep(PERIOD).await;
        }
    }

    async fn keep_sweeping(&self) {
        loop {
            sleep(SWEEP_PERIOD).await;
            if let Err(error) = self.feed.store.sweep().await {
                log::not_swept(&error);
            }
        }
    }

    /// Ends the session of this request on every server: the id in the request's cookie and the id in the response's
    /// cookie. It also works after [`Session::destroy`] or [`Session::renew`] in the request.
    ///
    /// A copy of its cookie is then useless. [`Error::NoFeed`] if the session's layer does not use this feed.
    /// [`Error::Unavailable`] if the store did not confirm the write: the session may be revoked or not, so call it
    /// again.
    ///
    /// ```
    /// use session_runtime::{Result, Session, store::RevocationFeed};
    ///
    /// async fn sign_out(feed: &RevocationFeed, session: &Session) -> Result<()> {
    ///     feed.revoke(session).await?;
    ///     session.destroy()
    /// }
    /// ```
    pub async fn revoke(&self, session: &Session) -> Result<()> {
        let revoked = session.revoked_by(self)?;
        for id in revoked.ids {
            self.publish(Subject::Id(id), revoked.max_age).await?;
        }
        Ok(())
    }

    /// Ends all sessions of the owner that began until now, on every server. `key` is the `owner` key of a layer that
    /// asks this feed, else [`Error::NotOwner`].
    ///
    /// A session that begins within the same second is refused too. To keep the visitor signed in who asks for it, sign
    /// in first, then call [`RevocationFeed::revoke_others`]. [`Error::Unavailable`] as in [`RevocationFeed::revoke`].
    ///
    /// ```
    /// use session_runtime::{Key, Result, store::RevocationFeed};
    ///
    /// const UID: Key<i64> = Key::new("uid"); // of a derived struct: `Account::UID`
    ///
    /// async fn block(feed: &RevocationFeed, uid: i64) -> Result<()> {
    ///     feed.revoke_all(UID, &uid).await
    /// }
    /// ```
    pub async fn revoke_all<T>(&self, key: Key<T>, owner: &T) -> Result<()> {
        self.revoke_owner(&key, owner, |_| Ok(Vec::new())).await
    }

    /// As [`RevocationFeed::revoke_all`], but keeps the session of this request. It works before and after one
    /// [`Session::renew`] in the request.
    ///
    /// ```
    /// use session_runtime::{Key, Result, Session, store::RevocationFeed};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// async fn password_changed(feed: &RevocationFeed, session: &Session) -> Result<()> {
    ///     let uid = session.require(UID)?;
    ///     feed.revoke_others(UID, &uid, session).await?;
    ///     session.renew()
    /// }
    /// ```
    pub async fn revoke_others<T>(&self, key: Key<T>, owner: &T, keep: &Session) -> Result<()> {
        let spared = keep.spared_by(self)?;
        self.revoke_owner(&key, owner, |cookie| Ok(cookie.ids(&spared)))
            .await
    }

    async fn revoke_owner<T>(
        &self,
        key: &Key<T>,
        owner: &T,
        except: impl Fn(&FeedCookie) -> Result<Vec<super::StoreId>>,
    ) -> Result<()> {
        let value = encode(key, owner)?;
        let cookies = self.feed.cookies(key.name());
        if cookies.is_empty() {
            return Err(Error::NotOwner {
                key: key.name().to_owned(),
            });
        }
        for cookie in cookies {
            let Some(owner) = cookie.owner(value.bytes()) else {
                continue;
            };
            let except = except(&cookie)?;
            self.publish(Subject::Owner { owner, except }, cookie.max_age())
                .await?;
        }
        Ok(())
    }

    /// A started write runs to its end, even if this future is dropped.
    async fn publish(&self, subject: Subject, max_age: u64) -> Result<()> {
        let notice = Notice {
            write: WriteId::random()?,
            subject,
            keep_for: Duration::from_secs(max_age).saturating_add(MARGIN),
        };
        let feed = Arc::clone(&self.feed);
        let published = in_own_task(async move { feed.publish(&notice).await }).await;
        published.map_err(|error| {
            log::not_published(&error);
            Error::Unavailable
        })
    }

    /// An error if the last good reading is too old to call a session valid.
    fn check_fresh(&self) -> Result<(), BoxError> {
        if self.trusts_when_stale {
            return Ok(());
        }
        match self.feed.staleness() {
            Some(age) if age <= self.max_staleness => Ok(()),
            Some(age) => Err(format!(
                "the revocation feed was last read {} s ago: is its store away, or `RevocationFeed::run` not running?",
                age.as_secs()
            )
            .into()),
            None => Err(
                "the revocation feed was not read yet: is its store away, or `RevocationFeed::run` not running?"
                    .into(),
            ),
        }
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.feed, &other.feed)
    }
}

impl Feed {
    /// Reads the new notices. The first reading reads all notices.
    async fn read(&self) -> Result<(), StoreError> {
        let mut position = self.position.lock().await;
        let began = Instant::now();
        let since = position.and_then(|at| at.checked_sub(OVERLAP));
        let mut notices = self.published(since).await?;
        if position.is_some_and(|before| notices.read_at < before) {
            // The engine's clock was set back, for example by a failover. New notices may have any time.
            notices = self.published(None).await?;
        }
        self.revoked.add(&notices);
        *position = Some(notices.read_at);
        let passed = began.saturating_duration_since(self.made_at).as_millis();
        let read_by = u64::try_from(passed).unwrap_or(u64::MAX).saturating_add(1);
        self.read_by.fetch_max(read_by, Ordering::Release);
        Ok(())
    }

    async fn published(&self, since: Option<SystemTime>) -> Result<Notices, StoreError> {
        let answer = timeout(READING, self.store.published(since)).await;
        answer.unwrap_or_else(|late| Err(StoreError::unavailable(late)))
    }

    /// Publishes the notice. Afterwards this server applies it too.
    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        match self.store.publish(notice).await {
            Err(StoreError::InDoubt(_)) => self.store.publish(notice).await?,
            answer => answer?,
        }
        if let Subject::Id(id) = &notice.subject {
            self.revoked.add_id(id);
        }
        // The engine sets the notice's time, so it is read. If this reading fails, the next one reads it.
        let _read = self.read().await;
        Ok(())
    }

    /// How long ago the last good reading began.
    fn staleness(&self) -> Option<Duration> {
        let read_by = self.read_by.load(Ordering::Acquire).checked_sub(1)?;
        let read_at = self.made_at + Duration::from_millis(read_by);
        Some(Instant::now().saturating_duration_since(read_at))
    }

    /// The cookies whose owner key has this name.
    fn cookies(&self, key: &str) -> Vec<FeedCookie> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let mut cookies = cookies.clone();
        cookies.retain(|cookie| cookie.owner_key() == Some(key));
        cookies
    }

    fn join(&self, cookie: &FeedCookie) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.retain(|other| !other.is_same(cookie));
        cookies.push(cookie.clone());
    }
}

impl fmt::Debug for RevocationFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationFeed")
            .field("max_staleness", &self.max_staleness)
            .field("trusts_when_stale", &self.trusts_when_stale)
            .field("staleness", &self.feed.staleness())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
