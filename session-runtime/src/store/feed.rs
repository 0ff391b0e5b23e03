//! The feed that tells every server which cookie sessions were revoked.
//!
//! Notices go to the store; each server reads them once a second and keeps them in memory, so that no request asks the
//! store. What a notice looks like there is the engine's; which layer asks is in `cookie`.

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

/// How often a server reads.
const PERIOD: Duration = Duration::from_secs(1);
/// How far a reading goes back behind the one before: a notice may be seen later than its time.
const OVERLAP: Duration = Duration::from_secs(60);
/// How often what is over is removed from the store.
const SWEEP_PERIOD: Duration = Duration::from_secs(300);
/// How long a reading may take; the store's own time-out is shorter.
const READING: Duration = Duration::from_secs(10);
/// How old the last good reading may be, unless the feed says otherwise.
const MAX_STALENESS: Duration = Duration::from_secs(5);
/// How much longer than a session's `max_age` its notice is kept, for clocks that are wrong by a day.
const MARGIN: Duration = Duration::from_secs(2 * 86_400);

/// Ends cookie sessions on every server, at no trip per request.
///
/// A server publishes what it revokes in the store, reads every second what others did, and keeps it in memory. A
/// cookie that was revoked is refused on all servers within two seconds. A clone is the same feed.
///
/// Each server must run [`RevocationFeed::run`]. Without a good reading within the last 5 seconds
/// ([`RevocationFeed::with_max_staleness`]) nobody knows what was revoked: every session call of a request with a
/// readable cookie is [`Error::Unavailable`](crate::Error::Unavailable) (503), and no cookie is touched.
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
    /// The cookies whose layers ask the feed and declare whose sessions they are.
    cookies: Mutex<Vec<FeedCookie>>,
    /// The engine's time of the last good reading; one reading at a time.
    position: tokio::sync::Mutex<Option<SystemTime>>,
    made_at: Instant,
    /// Milliseconds from `made_at` to the begin of the last good reading, and one more; 0 before the first.
    read_by: AtomicU64,
}

impl RevocationFeed {
    /// A feed by this store, which may hold sessions as well.
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

    /// Answers for so long after the last good reading, instead of 5 seconds. A session that was revoked meanwhile is
    /// valid for as long. At least two seconds, since readings are a second apart. Clones from before keep theirs.
    #[must_use]
    pub fn with_max_staleness(self, max_staleness: Duration) -> Self {
        Self {
            max_staleness: max_staleness.max(2 * PERIOD),
            ..self
        }
    }

    /// Takes sessions for valid where the feed can't be read, instead of refusing all. Clones from before don't.
    ///
    /// What it costs: as long as the store is away, whoever was signed out elsewhere is signed in here, and so is who
    /// stole a cookie. After a start without the store a server knows of no revocation at all, also not of those that
    /// it once read. Cookies are renewed by their use meanwhile. Only what this server has read is refused.
    #[must_use]
    pub fn trusting_when_stale(self) -> Self {
        Self {
            trusts_when_stale: true,
            ..self
        }
    }

    /// Reads what was revoked, at once and then every second, without end, and removes what is over from the store
    /// every five minutes. A reading that fails is tried again a second later. Each server runs it once.
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

    /// Ends the session of this request on every server, also after [`Session::destroy`] or [`Session::renew`] in it:
    /// the id under which it came, and the one under which it goes.
    ///
    /// A copy of its cookie is worth nothing from then on. [`Error::NoFeed`] where the session's layer does not ask
    /// this feed. [`Error::Unavailable`] where the store did not take it: it may be revoked or not, do it again.
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
    /// A session that begins within the same second is refused too. To sign in the visitor who asks for it, sign in
    /// first, then call [`RevocationFeed::revoke_others`]. [`Error::Unavailable`] as in [`RevocationFeed::revoke`].
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

    /// As [`RevocationFeed::revoke_all`], but for the session of this request, also before or after one
    /// [`Session::renew`] in it.
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

    /// Once begun it goes on to its end, also where this future is dropped.
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

    /// An error where too little is known to call a session valid.
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
    /// Reads what is newer, all at first.
    async fn read(&self) -> Result<(), StoreError> {
        let mut position = self.position.lock().await;
        let began = Instant::now();
        let since = position.and_then(|at| at.checked_sub(OVERLAP));
        let mut notices = self.published(since).await?;
        if position.is_some_and(|before| notices.read_at < before) {
            // The engine's clock was set back, as by a failover: what is new may bear any time.
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

    /// Publishes the notice; from then on it holds here too.
    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        match self.store.publish(notice).await {
            Err(StoreError::InDoubt(_)) => self.store.publish(notice).await?,
            answer => answer?,
        }
        if let Subject::Id(id) = &notice.subject {
            self.revoked.add_id(id);
        }
        // Its time is the engine's. Where this reading fails, the next one has it.
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
