//! The layer whose sessions are in a store, and the service around each of its requests.

use core::fmt;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::sync::Arc;

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::layer::SessionLayer;
use super::response;
use super::service::{Options, open, run};
use crate::codec::SessionCodec;
use crate::data::SessionData;
use crate::error::{ConfigError, Error, Result};
use crate::log;
#[cfg(feature = "dev")]
use crate::request::Became;
use crate::request::{
    Awaiting, Closing, Counts, Ended, Open, Outcome, RequestStore, Saved, Saving, Shared, Stored,
    Unsaved,
};
use crate::store::{Loading, Mode, SessionStore, Sessions, Vault};
use crate::time::time;

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
    /// Declares that sessions hold `T`; as [`SessionLayer::with_data`], but that `private` keys are welcome: the visitor
    /// never sees what a session in a store holds.
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
        StoredSessionService {
            inner,
            shared: Arc::clone(self.layer.shared()),
            options: self.layer.options(),
        }
    }
}

impl fmt::Debug for StoredSessionLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoredSessionLayer")
            .field(&self.layer)
            .finish()
    }
}

/// Gives each request a session of a store; made by [`StoredSessionLayer`].
#[derive(Clone)]
pub struct StoredSessionService<S> {
    inner: S,
    shared: Arc<Shared>,
    options: Options,
}

impl<S, B, R> Service<Request<B>> for StoredSessionService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
    R: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = StoredResponseFuture<S, B, R>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut open = open(&self.shared, &mut request);
        let stage = match open.begin_loading() {
            Some(loading) => {
                // The one that is ready is called later; the clone takes its place
                // (tower's documentation of `Service`, "Be careful when cloning inner services").
                let clone = self.inner.clone();
                let ready = mem::replace(&mut self.inner, clone);
                Stage::Loading {
                    loading,
                    waiting: Some(Box::new((ready, request))),
                }
            }
            None => Stage::Running {
                inner: run(&mut open, &mut self.inner, request),
            },
        };
        StoredResponseFuture {
            stage,
            open,
            options: self.options,
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for StoredSessionService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSessionService")
            .field("inner", &self.inner)
            .field("cookie", &self.shared.codec.name())
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The response of a [`StoredSessionService`]: the session is loaded before the handler and saved before this
    /// answers. Dropped at any poll, it leaves the store consistent.
    pub struct StoredResponseFuture<S, B, R>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        stage: Stage<S, B, S::Future, Result<Response<R>, S::Error>>,
        open: Open,
        options: Options,
        shared: Arc<Shared>,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<S, B, F, R> {
        Loading {
            loading: Awaiting,
            waiting: Option<Box<(S, Request<B>)>>,
        },
        Running {
            #[pin]
            inner: F,
        },
        Saving {
            saving: Saving,
            result: Option<R>,
        },
    }
}

impl<S, B, R> Future for StoredResponseFuture<S, B, R>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Default,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.stage.as_mut().project() {
                StageProjection::Loading { loading, waiting } => {
                    let answer = ready!(loading.as_mut().poll(cx));
                    this.open.loaded(answer);
                    let waiting = waiting.take();
                    let (mut service, request) =
                        *waiting.expect("a future that panicked was polled again");
                    Stage::Running {
                        inner: run(this.open, &mut service, request),
                    }
                }
                StageProjection::Running { inner } => {
                    let current = this.open.enter();
                    let result = ready!(inner.poll(cx));
                    drop(current);
                    match ended(this.open, result, *this.options) {
                        Ok((saving, result)) => Stage::Saving {
                            saving,
                            result: Some(result),
                        },
                        Err(answer) => return Poll::Ready(answer),
                    }
                }
                StageProjection::Saving { saving, result } => {
                    let saved = ready!(saving.as_mut().poll(cx));
                    let result = result.take();
                    let result = result.expect("it was not polled after it had answered");
                    #[cfg(feature = "dev")]
                    note(this.open, &saved);
                    return Poll::Ready(answer(result, saved, (*this.options, this.shared)));
                }
            };
            this.stage.set(next);
        }
    }
}

impl<S: Service<Request<B>>, B, R> fmt::Debug for StoredResponseFuture<S, B, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredResponseFuture")
            .finish_non_exhaustive()
    }
}

/// What the service answered.
type Answer<R, E> = Result<Response<R>, E>;
type ToSave<R, E> = (Saving, Answer<R, E>);

/// What is to be saved before the response goes out; or the answer at once.
fn ended<R, E>(
    open: &mut Open,
    result: Result<Response<R>, E>,
    options: Options,
) -> Result<ToSave<R, E>, Answer<R, E>> {
    let skipped = match &result {
        Ok(head) => options.save_policy.skips(head.status()),
        Err(_) => Some(Outcome::Skipped5xx),
    };
    #[cfg(feature = "dev")]
    open.responds(result.as_ref().ok());
    let touched = match open.end() {
        Ended::Touched(ending) => return Ok((ending.save(skipped), result)),
        Ended::Unavailable => true,
        Ended::Untouched => false,
    };
    #[cfg(feature = "dev")]
    open.note(
        if touched {
            Became::Unavailable
        } else {
            Became::Untouched
        },
        None,
    );
    let closing = Closing {
        touched,
        ..Closing::default()
    };
    Err(result.map(|mut response| {
        response::apply(closing, response.headers_mut(), options);
        response
    }))
}

#[cfg(feature = "dev")]
fn note(open: &mut Open, saved: &Result<Saved, Unsaved>) {
    match saved {
        Ok(saved) => open.note(Became::Closed(saved.outcome), saved.set_cookies.as_ref()),
        Err(unsaved) => open.note(Became::NotSaved, unsaved.set_cookies.as_ref()),
    }
}

/// The response with what became of the session, or the one that takes its place. A failure of the service stays one.
fn answer<R: Default, E>(
    result: Result<Response<R>, E>,
    saved: Result<Saved, Unsaved>,
    (options, shared): (Options, &Shared),
) -> Result<Response<R>, E> {
    let cookie = shared.codec.name();
    match &saved {
        Ok(saved) => {
            shared.counters.closed(saved.outcome);
            log::closed(cookie, saved.outcome.as_str());
        }
        Err(unsaved) => {
            shared.counters.not_saved();
            log::not_saved(cookie, &unsaved.error);
        }
    }
    let mut response = result?;
    let closing = match saved {
        Ok(saved) => Closing {
            touched: true,
            ended: matches!(saved.outcome, Outcome::Destroyed | Outcome::Restarted),
            set_cookies: saved.set_cookies,
            #[cfg(feature = "dev")]
            outcome: None,
        },
        Err(unsaved) => {
            response = refusal(unsaved.error);
            Closing {
                touched: true,
                ended: unsaved.ended,
                set_cookies: unsaved.set_cookies,
                #[cfg(feature = "dev")]
                outcome: None,
            }
        }
    };
    response::apply(closing, response.headers_mut(), options);
    Ok(response)
}

/// An empty response instead of one for changes that are not in the store; it carries the error.
fn refusal<R: Default>(error: Error) -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = error.status();
    response.extensions_mut().insert(Arc::new(error));
    response
}
