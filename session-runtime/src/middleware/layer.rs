//! The layer and its options.

use core::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use tower_layer::Layer;

use super::declared::Declared;
use super::policy::{Options, SavePolicy};
use super::service::SessionService;
use crate::cookie::CookieStore;
use crate::data::SessionData;
use crate::error::{ConfigError, Result};
#[cfg(feature = "store")]
use crate::key::KeyInfo;
use crate::request::{Counts, RequestStore, Shared};
use crate::revocation::Revocation;
#[cfg(feature = "store")]
use crate::store::FeedCookie;

/// The tower layer that gives every request below it a session. Clones share everything.
///
/// ```
/// use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
/// let app: axum::Router = axum::Router::new().layer(SessionLayer::new(config)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SessionLayer {
    cookie: CookieStore,
    shared: Arc<Shared>,
    options: Options,
    declared: Vec<Declared>,
}

impl SessionLayer {
    /// The layer for a cookie, from a [`CookieStoreConfig`](crate::CookieStoreConfig) or a [`CookieStore`].
    ///
    /// [`ConfigError`] with what to change where the configuration can't work.
    pub fn new(
        cookie: impl TryInto<CookieStore, Error: Into<ConfigError>>,
    ) -> Result<Self, ConfigError> {
        let cookie = cookie.try_into().map_err(Into::into)?;
        Ok(Self {
            shared: Arc::new(Shared::new(Arc::new(cookie.clone()))),
            cookie,
            options: Options::default(),
            declared: Vec::new(),
        })
    }

    /// Declares that sessions hold `T`. Checks that no key of it belongs to an earlier declared struct too, and that
    /// no `private` key meets a cookie that is only signed; from then on these names are guarded on the untyped API as
    /// well, also in the signed sessions of layers below this one.
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// use session_runtime::SessionData;
    ///
    /// #[derive(SessionData)]
    /// struct Account {
    ///     uid: i64,
    /// }
    ///
    /// #[derive(SessionData)]
    /// struct Visitor {
    ///     uid: String, // the same key
    /// }
    ///
    /// let layer = SessionLayer::new(config)?.with_data::<Account>()?;
    /// assert!(layer.with_data::<Visitor>().is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_data<T: SessionData>(mut self) -> Result<Self, ConfigError> {
        let declared = Declared::of::<T>();
        declared.check_apart(&self.declared)?;
        declared.check_readers(self.shared.is_secret())?;
        let owner = declared.owner(self.shared.owner)?;
        let shared = Arc::make_mut(&mut self.shared);
        shared.private_names.extend(declared.private_names());
        shared.owner = owner;
        #[cfg(feature = "dev")]
        shared.declared.extend(declared.keys());
        self.declared.push(declared);
        #[cfg(feature = "store")]
        self.join_feed();
        Ok(self)
    }

    /// Which responses carry changes, [`SavePolicy::NotOnServerError`] unless said here.
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// use session_runtime::SavePolicy;
    ///
    /// let layer = SessionLayer::new(config)?.with_save_policy(SavePolicy::Always);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_save_policy(mut self, policy: SavePolicy) -> Self {
        self.options_mut().save_policy = policy;
        self
    }

    /// Lets a hook refuse sessions whose cookies are still good: a [`Revocation`], a
    /// [`RevocationList`](crate::RevocationList), or a `store::RevocationFeed` (feature `store`).
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// use session_runtime::RevocationList;
    ///
    /// let list = RevocationList::default(); // a clone for the handlers that sign out
    /// let layer = SessionLayer::new(config)?.with_revocation(list.clone());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_revocation(mut self, hook: impl Into<Revocation>) -> Self {
        Arc::make_mut(&mut self.shared).revocation = Some(hook.into());
        #[cfg(feature = "store")]
        self.join_feed();
        self
    }

    /// Tells the feed, where one is asked, which cookie this is and whose sessions are in it.
    #[cfg(feature = "store")]
    fn join_feed(&mut self) {
        let shared = Arc::make_mut(&mut self.shared);
        let (owner, max_age) = (shared.owner, shared.codec.max_age());
        let names = (shared.codec.name(), self.cookie.context());
        if let Some(feed) = shared.revocation.as_mut().and_then(Revocation::feed_mut) {
            // Where the hash can't be made, the feed has no cookie and refuses to answer.
            if let Ok(cookie) = FeedCookie::new(names, owner, max_age) {
                feed.set_cookie(cookie);
            }
        }
    }

    /// Leaves `Vary` and `Cache-Control` alone. Only for services that no cache stands in front of, or that set these
    /// themselves: a shared cache may otherwise give one visitor another one's page or session cookie.
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?.without_cache_headers(); // no cache stands in front
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn without_cache_headers(mut self) -> Self {
        self.options_mut().cache_headers = false;
        self
    }

    /// Adds `Clear-Site-Data: "cache"` to responses that end a session by [`Session::destroy`](crate::Session::destroy)
    /// or [`Session::restart`](crate::Session::restart), so that the browser empties its HTTP cache of this site: of
    /// files that handlers let it keep. Off by default: browsers may take seconds over it, in which the page stands
    /// still.
    ///
    /// It is no cure for Back after a sign-out: Chromium keeps the pages of its back/forward cache. That cure is
    /// `Cache-Control: no-store` on the pages of a signed-in visitor.
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?.with_clear_site_data();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_clear_site_data(mut self) -> Self {
        self.options_mut().clear_site_data = true;
        self
    }

    #[cfg(any(test, feature = "store", feature = "testing"))]
    pub(crate) fn cookie(&self) -> &CookieStore {
        &self.cookie
    }

    #[cfg(any(test, feature = "store", feature = "testing"))]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    #[cfg(feature = "store")]
    pub(super) fn shared_mut(&mut self) -> &mut Shared {
        Arc::make_mut(&mut self.shared)
    }

    #[cfg(feature = "store")]
    pub(super) fn options(&self) -> Options {
        self.options
    }

    /// The key that says whose session it is, where one was declared.
    #[cfg(feature = "store")]
    pub(super) fn owner(&self) -> Option<KeyInfo> {
        self.shared.owner.copied()
    }

    /// The options, to be changed: clones from before are then layers with other settings.
    fn options_mut(&mut self) -> &mut Options {
        let _of_its_own = Arc::make_mut(&mut self.shared);
        &mut self.options
    }

    /// Takes the time from `clock` instead of the system, for tests.
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// let noon = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    /// let layer = SessionLayer::new(config)?.with_clock(move || noon);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.cookie = self.cookie.with_clock(clock);
        Arc::make_mut(&mut self.shared).codec = Arc::new(self.cookie.clone());
        self
    }

    /// The live requests of this layer.
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?;
    /// let requests = layer.requests().clone(); // for your metrics
    /// assert_eq!(requests.len(), 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> &RequestStore {
        &self.shared.requests
    }

    /// What became of this layer's sessions, counted since it was made, in this process: for metrics, beside
    /// [`Keyring::usage`](crate::Keyring::usage). Clones and layers made of this one count together.
    ///
    /// ```
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?;
    /// let counts = layer.counts();
    /// let (_, forged) = counts.refused().find(|(reason, _)| *reason == "bad_mac").ok_or("no such reason")?;
    /// assert_eq!(forged, 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.counters.read()
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService::new(inner, Arc::clone(&self.shared), self.options)
    }
}

impl fmt::Debug for SessionLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLayer")
            .field("cookie", &self.cookie)
            .field("options", &self.options)
            .field("requests", self.requests())
            .finish_non_exhaustive()
    }
}
