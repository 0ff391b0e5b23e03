//! The layer whose sessions are in a store.

mod service;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use tower_layer::Layer;

use super::layer::SessionLayer;
use crate::codec::SessionCodec;
use crate::data::SessionData;
use crate::error::{ConfigError, Result};
use crate::request::{Counts, RequestStore, Stored};
use crate::store::{Loading, Mode, SessionStore, Sessions, Vault};
use crate::time::time;

pub use service::{StoredResponseFuture, StoredSessionService};

/// Of sessions without an owner, unless the layer says otherwise.
const ANONYMOUS_MAX_AGE: u64 = 86_400;

/// The tower layer that keeps sessions in a store of the server; made by
/// [`SessionLayer::with_store`](crate::SessionLayer::with_store). Clones share everything.
///
/// Bodies of its responses implement `Default`, as axum's and hyper's do: a response whose changes the store could not
/// take is replaced by an empty one with the status of the error, 503.
///
/// ```
/// # #[cfg(feature = "axum")]
/// # fn app() -> Result<axum::Router, Box<dyn std::error::Error>> {
/// use session_runtime::store::MemoryStore;
/// use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
///
/// let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
/// let layer = SessionLayer::new(config)?.with_store(MemoryStore::new())?;
/// let sessions = layer.sessions(); // for pages and jobs that list and end sessions
/// let app = axum::Router::new().layer(layer);
/// # Ok(app)
/// # }
/// ```
#[derive(Clone)]
pub struct StoredSessionLayer {
    layer: SessionLayer,
}

impl SessionLayer {
    /// Keeps the sessions in a store of the server: of any size, shared by parallel requests without a loss, and ended
    /// on every server at once. The cookie holds the session's id and times alone. The last call on this type.
    ///
    /// [`ConfigError`] where the cookie is in Go's format.
    ///
    /// ```
    /// # use session_runtime::store::MemoryStore;
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?.with_store(MemoryStore::new())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_store(self, store: impl SessionStore) -> Result<StoredSessionLayer, ConfigError> {
        let cookie = self.cookie();
        if !cookie.can_be_bare() {
            return Err(ConfigError::new(
                "The cookie is in Go's format, which holds the whole session: begin with `CookieStoreConfig::new` for \
                 sessions in a store",
            ));
        }
        let name = cookie.name().to_owned();
        let mode = Mode::new(cookie.is_encrypted());
        let vault = Vault::new(store, &name, cookie.context(), mode)?;
        let mut layer = self;
        let owner = layer.owner();
        let vault = match owner {
            Some(owner) => vault.with_owner(owner)?,
            None => vault,
        };
        layer.shared_mut().stored = Some(Stored {
            vault: Arc::new(vault),
            loading: Loading::default(),
            anonymous_max_age: ANONYMOUS_MAX_AGE,
        });
        Ok(StoredSessionLayer { layer })
    }
}

impl StoredSessionLayer {
    /// Declares that sessions hold `T`; as [`SessionLayer::with_data`], but that `private` keys are welcome: the
    /// visitor never sees what a session in a store holds.
    pub fn with_data<T: SessionData>(self) -> Result<Self, ConfigError> {
        let mut layer = Self {
            layer: self.layer.with_data::<T>()?,
        };
        if let Some(owner) = layer.layer.owner() {
            let stored = layer.stored_mut();
            let vault = (*stored.vault).clone();
            stored.vault = Arc::new(vault.with_owner(owner)?);
        }
        Ok(layer)
    }

    /// When sessions are loaded, [`Loading::Eager`] unless said here.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use session_runtime::store::{Loading, MemoryStore};
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?
    ///     .with_store(MemoryStore::new())?
    ///     .with_loading(Loading::OnExtract); // style sheets below the layer cost no trip
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_loading(mut self, loading: Loading) -> Self {
        self.stored_mut().loading = loading;
        self
    }

    /// The most bytes that a session may have as JSON, 65,536 unless said here; it takes the place of the cookie's
    /// `max_size`. Where parallel requests are merged, it may be twice as much.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use session_runtime::store::{Loading, MemoryStore};
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?
    ///     .with_store(MemoryStore::new())?
    ///     .with_max_record(16 * 1024); // `put` refuses what goes beyond
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_max_record(mut self, bytes: usize) -> Self {
        let stored = self.stored_mut();
        let vault = (*stored.vault).clone();
        stored.vault = Arc::new(vault.with_max_record(bytes));
        self
    }

    /// How long sessions without an owner live at most, a day unless said here, in a layer that declares an
    /// [`owner`](crate::KeyInfo::owner) key: visitors that never sign in fill no store.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use session_runtime::store::{Loading, MemoryStore};
    /// # use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?);
    /// let layer = SessionLayer::new(config)?
    ///     .with_store(MemoryStore::new())?
    ///     .with_anonymous_max_age(Duration::from_secs(3600));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_anonymous_max_age(mut self, age: Duration) -> Self {
        self.stored_mut().anonymous_max_age = age.as_secs().max(1);
        self
    }

    /// The sessions in the store, to list and end them.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        let codec = Arc::clone(&self.layer.shared().codec);
        let vault = Arc::clone(&self.stored().vault);
        Sessions::new(vault, Arc::new(move || time(codec.now())))
    }

    /// The live requests of this layer.
    #[must_use]
    pub fn requests(&self) -> &RequestStore {
        self.layer.requests()
    }

    /// The layer as it was before it was told where sessions are.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn layer_of_cookies(&self) -> &SessionLayer {
        &self.layer
    }

    /// What became of this layer's sessions, counted since it was made; what the store did is in
    /// [`Sessions::stats`].
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.layer.counts()
    }

    fn stored(&self) -> &Stored {
        let stored = self.layer.shared().stored.as_ref();
        stored.expect("a layer with a store")
    }

    fn stored_mut(&mut self) -> &mut Stored {
        let stored = self.layer.shared_mut().stored.as_mut();
        stored.expect("a layer with a store")
    }
}

impl<S> Layer<S> for StoredSessionLayer {
    type Service = StoredSessionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let shared = Arc::clone(self.layer.shared());
        StoredSessionService::new(inner, shared, self.layer.options())
    }
}

impl fmt::Debug for StoredSessionLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoredSessionLayer")
            .field(&self.layer)
            .finish()
    }
}
