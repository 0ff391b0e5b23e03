//! Refusing sessions without storing them: a hook that judges what a cookie holds.

use core::fmt;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::error::BoxError;
use crate::id::SessionId;
use crate::limits::MAX_AHEAD;
use crate::record::Record;
#[cfg(feature = "store")]
use crate::store::{Asking, RevocationFeed};
use crate::time::{seconds, time};

/// What a hook says of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The session goes on.
    Valid,
    /// The session is over: the visitor gets a new one.
    Revoked,
}

pub(crate) type Judged = Result<Verdict, BoxError>;
pub(crate) type Judging = Pin<Box<dyn Future<Output = Judged> + Send>>;

/// Judges sessions when they are used; see [`SessionLayer::with_revocation`](crate::SessionLayer::with_revocation).
///
/// A cookie alone can't be taken back before it expires. A hook can ask what the service knows: that a user changed
/// the password, that an id was signed out. A hook that fails makes every call of that request's session
/// [`Error::Unavailable`](crate::Error::Unavailable) and sends no cookie, so that an outage signs nobody out.
#[derive(Clone)]
pub struct Revocation(Hook);

#[derive(Clone)]
pub(crate) enum Hook {
    /// Answers at once.
    Now(Arc<dyn Fn(&Record) -> Judged + Send + Sync>),
    /// Is awaited before the handler runs.
    Later(Arc<dyn Fn(&Record) -> Judging + Send + Sync>),
    /// Answers at once, for the layer's cookie.
    #[cfg(feature = "store")]
    Feed(Box<Asking>),
}

impl Hook {
    /// The answer, where nothing must be awaited.
    pub(crate) fn now(&self, record: &Record) -> Option<Judged> {
        match self {
            Self::Now(hook) => Some(hook(record)),
            Self::Later(_) => None,
            #[cfg(feature = "store")]
            Self::Feed(feed) => Some(feed.judge(record)),
        }
    }
}

impl Revocation {
    /// A hook that answers at once. It is asked at the first use of the session in a request, if a readable cookie
    /// came. The verdict holds to the end of the request. Tasks of one request that use it first at the same moment
    /// may each ask. In the hook, [`Session::current`](crate::Session::current) is the session of the layer around.
    ///
    /// `?` takes every error in it.
    ///
    /// ```
    /// # use std::collections::HashSet;
    /// # use std::sync::{Arc, RwLock};
    /// use session_runtime::{Key, Revocation, Verdict};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// # fn example(blocked: Arc<RwLock<HashSet<i64>>>) -> Revocation {
    /// Revocation::new(move |record| {
    ///     let Some(uid) = record.get(UID)? else {
    ///         return Ok(Verdict::Valid);
    ///     };
    ///     let blocked = blocked.read().map_err(|_| "the list is broken")?;
    ///     Ok(if blocked.contains(&uid) {
    ///         Verdict::Revoked
    ///     } else {
    ///         Verdict::Valid
    ///     })
    /// })
    /// # }
    /// ```
    pub fn new(
        hook: impl Fn(&Record) -> Result<Verdict, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Self(Hook::Now(Arc::new(hook)))
    }

    /// A hook that awaits an answer, such as a query. It is asked before the handler runs, for every request that
    /// brings a readable cookie.
    ///
    /// ```
    /// # use session_runtime::BoxError;
    /// # #[derive(Clone)]
    /// # struct Database;
    /// # impl Database {
    /// #     async fn is_blocked(&self, _uid: i64) -> Result<bool, std::io::Error> { Ok(false) }
    /// # }
    /// use session_runtime::{Key, Revocation, Verdict};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// # fn example(database: Database) -> Revocation {
    /// Revocation::with_future(move |record| {
    ///     let database = database.clone();
    ///     async move {
    ///         let Some(uid) = record.get(UID)? else {
    ///             return Ok(Verdict::Valid);
    ///         };
    ///         Ok(if database.is_blocked(uid).await? {
    ///             Verdict::Revoked
    ///         } else {
    ///             Verdict::Valid
    ///         })
    ///     }
    /// })
    /// # }
    /// ```
    pub fn with_future<F>(hook: impl Fn(Record) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Verdict, BoxError>> + Send + 'static,
    {
        Self(Hook::Later(Arc::new(move |record| {
            Box::pin(hook(record.clone()))
        })))
    }

    /// Refuses sessions that began before the time that `since` answers: "sign out everywhere". `None`: none is
    /// refused. A session that began in that very second is valid; [`Session::renew`](crate::Session::renew) begins
    /// anew. One whose cookie came from a clock that is ahead counts as begun a day earlier.
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// # use std::sync::{Arc, RwLock};
    /// # use std::time::SystemTime;
    /// use session_runtime::{Key, Revocation};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// # fn example(signed_out: Arc<RwLock<HashMap<i64, SystemTime>>>) -> Revocation {
    /// Revocation::valid_after(move |record| {
    ///     let Some(uid) = record.get(UID)? else {
    ///         return Ok(None);
    ///     };
    ///     let signed_out = signed_out.read().map_err(|_| "the list is broken")?;
    ///     Ok(signed_out.get(&uid).copied())
    /// })
    /// # }
    /// ```
    pub fn valid_after(
        since: impl Fn(&Record) -> Result<Option<SystemTime>, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Self::new(move |record| {
            let since = since(record)?.map_or(0, seconds);
            let is_older = record.begun_by() < since;
            Ok(if is_older {
                Verdict::Revoked
            } else {
                Verdict::Valid
            })
        })
    }

    pub(crate) fn hook(&self) -> &Hook {
        &self.0
    }

    /// The feed that is asked, if one is.
    #[cfg(feature = "store")]
    pub(crate) fn feed_mut(&mut self) -> Option<&mut Asking> {
        match &mut self.0 {
            Hook::Feed(feed) => Some(feed),
            Hook::Now(_) | Hook::Later(_) => None,
        }
    }
}

#[cfg(feature = "store")]
impl From<RevocationFeed> for Revocation {
    fn from(feed: RevocationFeed) -> Self {
        Self(Hook::Feed(Box::new(Asking::new(feed))))
    }
}

impl fmt::Debug for Revocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revocation")
            .field("awaits", &matches!(self.0, Hook::Later(_)))
            .finish()
    }
}

/// Ids that are refused until a time, in memory: after it their cookies would have expired anyway, so they are
/// forgotten. A clone is the same list. It does not outlive the process and is not shared between servers.
///
/// As the hook of a layer it refuses an id for a day more, since a server whose clock was ahead may have issued the
/// cookie for longer.
///
/// ```
/// use session_runtime::RevocationList;
/// # fn sign_out_elsewhere(session: &session_runtime::Session, list: &RevocationList) -> session_runtime::Result<()> {
/// list.revoke(session.id()?, session.expires_at()?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct RevocationList {
    revoked: Arc<Mutex<Revoked>>,
}

#[derive(Default)]
struct Revoked {
    until: HashMap<SessionId, SystemTime>,
    /// The latest time at which the list was asked.
    asked_at: Option<SystemTime>,
    /// The number of entries at which those that are over are looked for again.
    sweep_at: usize,
}

impl RevocationList {
    /// Refuses the session of this id until then. An earlier time does not shorten a later one.
    pub fn revoke(&self, id: SessionId, until: SystemTime) {
        const SWEPT_FROM: usize = 1024;
        let mut revoked = self.lock();
        if revoked.until.len() >= revoked.sweep_at.max(SWEPT_FROM) {
            let asked_at = revoked.asked_at;
            revoked
                .until
                .retain(|_, until| asked_at.is_none_or(|now| now < *until));
            revoked.sweep_at = 2 * revoked.until.len();
        }
        let entry = revoked.until.entry(id).or_insert(until);
        *entry = until.max(*entry);
    }

    /// Whether the session of this id is refused at this time.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use session_runtime::{RevocationList, SessionId};
    ///
    /// let (list, now) = (RevocationList::default(), SystemTime::now());
    /// let (id, minute) = (SessionId::from_bytes([7; 16]), Duration::from_secs(60));
    /// list.revoke(id, now + minute);
    /// assert!(list.is_revoked(id, now));
    /// assert!(!list.is_revoked(id, now + minute)); // its cookie is over by itself
    /// ```
    #[must_use]
    pub fn is_revoked(&self, id: SessionId, now: SystemTime) -> bool {
        let mut revoked = self.lock();
        revoked.asked_at = revoked.asked_at.max(Some(now));
        revoked.until.get(&id).is_some_and(|until| now < *until)
    }

    /// How many ids are held; some of them may be over.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().until.len()
    }

    /// Whether no id is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Revoked> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<RevocationList> for Revocation {
    fn from(list: RevocationList) -> Self {
        Self::new(move |record| {
            let now = record.opened_at().saturating_sub(MAX_AHEAD);
            let is_revoked = list.is_revoked(record.id(), time(now));
            Ok(if is_revoked {
                Verdict::Revoked
            } else {
                Verdict::Valid
            })
        })
    }
}

impl fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationList")
            .field("len", &self.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::RevocationList;
    use crate::id::SessionId;
    use crate::time::time;

    #[test]
    fn a_list_that_is_asked_forgets_what_is_over() {
        let list = RevocationList::default();
        for number in 0..100_000_u64 {
            let id = SessionId::from_bytes(u128::from(number).to_be_bytes());
            list.revoke(id, time(number + 10));
            assert!(list.is_revoked(id, time(number)));
            assert!(!list.is_revoked(id, time(number + 10)));
        }
        assert!(list.len() <= 2048, "{} ids are held", list.len());
    }
}
