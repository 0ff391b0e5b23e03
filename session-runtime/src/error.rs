//! Every error of the crate. No message, and no `Debug`, shows a stored value.

use core::fmt;
use core::time::Duration;

use http::StatusCode;

/// The crate's result; the error defaults to [`Error`].
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Any error: what a [`Revocation`](crate::Revocation) hook may fail with. `?` makes one of every error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a session call failed.
///
/// As an axum response it has the status of [`Error::status`] and an opaque body; what happened goes to the log. The
/// response carries the error in its extensions, so that one place makes pages of all of them:
///
/// ```
/// # #[cfg(feature = "axum")]
/// # mod example {
/// use std::sync::Arc;
///
/// use axum::Router;
/// use axum::middleware::map_response;
/// use axum::response::{IntoResponse, Redirect, Response};
/// use session_runtime::{Error, SessionLayer};
///
/// async fn to_sign_in(response: Response) -> Response {
///     match response.extensions().get::<Arc<Error>>() {
///         Some(error) if error.is_missing() => Redirect::to("/sign-in").into_response(),
///         _ => response,
///     }
/// }
///
/// fn app(routes: Router, sessions: SessionLayer) -> Router {
///     routes.layer(map_response(to_sign_in)).layer(sessions)
/// }
/// # }
/// ```
///
/// An error type of the application keeps the status by asking for it:
///
/// ```
/// # #[cfg(feature = "axum")]
/// # mod example {
/// use axum::http::StatusCode;
/// use axum::response::{IntoResponse, Response};
///
/// enum AppError {
///     Session(session_runtime::Error),
///     Other(Box<dyn std::error::Error + Send + Sync>),
/// }
///
/// impl From<session_runtime::Error> for AppError {
///     fn from(error: session_runtime::Error) -> Self {
///         Self::Session(error)
///     }
/// }
///
/// impl From<std::io::Error> for AppError {
///     fn from(error: std::io::Error) -> Self {
///         Self::Other(error.into())
///     }
/// }
///
/// impl IntoResponse for AppError {
///     fn into_response(self) -> Response {
///         match self {
///             Self::Session(error) => error.into_response(), // 401, 422, 503 or 500
///             Self::Other(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
///         }
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// `require` found no value under the key.
    Missing {
        /// The key.
        key: String,
        /// The status of the response: 401, or what the field's `missing` option says.
        status: u16,
    },
    /// The stored value does not decode as the type asked for. Only this key is affected.
    Type {
        /// The key.
        key: String,
        /// What did not fit, without the value.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// With this value the cookie, or the value itself, would be too large. The session is as it was before.
    TooLarge {
        /// The key that was put.
        key: String,
        /// The size it would have in bytes: of the cookie's name and value, or of the encoded value where the key
        /// has a `max_len`.
        size: usize,
        /// The limit in bytes that it exceeds.
        limit: usize,
        /// The largest keys of the session as it would have been, each with its bytes, largest first. Where the value
        /// is over its key's `max_len`: the key and the value's bytes alone.
        largest: Vec<(String, usize)>,
    },
    /// The value is nested deeper than 127 levels, so it would not decode again.
    TooDeep {
        /// The key that was put.
        key: String,
    },
    /// The response head has been sent, or the request was dropped: the session can no longer be reached.
    RequestEnded,
    /// The session was destroyed earlier in this request.
    Destroyed,
    /// The name is reserved: names beginning with `~` belong to the cookie format.
    ReservedKey {
        /// The name.
        key: String,
    },
    /// A `private` key met a cookie that is signed, not encrypted.
    NotPrivate {
        /// The key.
        key: String,
    },
    /// The value can't be encoded, or it would not read back: it holds a NaN or an infinity, or its type does not
    /// decode what it encodes (see [`Key`](crate::Key)).
    Encode {
        /// The key that was put.
        key: String,
        /// What the encoder said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The closure of `update` was called over and over, since the value changed under it each time: it probably
    /// writes its own key.
    Contended {
        /// The key.
        key: String,
    },
    /// The lifetime that was asked for is none that the configuration allows.
    Lifetime {
        /// What was asked for.
        asked: Duration,
        /// The longest that is allowed: the configured `max_age`.
        limit: Duration,
    },
    /// Two layers with different settings serve one cookie around this handler, so the inner one's could not hold.
    LayerConflict {
        /// The cookie's name.
        cookie: String,
    },
    /// The session can't be judged now (a revocation check failed): nobody is signed out by it.
    Unavailable,
    /// The operating system gave no random bytes, so no session id can be made.
    Random,
    /// There is no session here; see [`MissingSession`].
    MissingSession(MissingSession),
    /// The call commits at once, which needs a server-side store: a session in a cookie has none.
    NoStore,
    /// The layer loads sessions only when they are extracted, and this one was not loaded yet: await
    /// `Session::load` first.
    NotLoaded,
    /// The key is not the `owner` key of the layer, so it can't say whose sessions are meant.
    NotOwner {
        /// The key.
        key: String,
    },
    /// The session was signed out, revoked or renewed by another request while this one was running.
    Gone,
    /// The layer of this session does not ask the feed that was to revoke it.
    #[cfg(feature = "store")]
    NoFeed,
}

impl Error {
    /// The status that the error has as a response: 401 for [`Error::Missing`] (or the field's `missing`) and
    /// [`Error::Gone`], 422 for [`Error::TooLarge`] of a value over its key's `max_len`, 503 for
    /// [`Error::Unavailable`], else 500.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Missing { status, .. } => {
                StatusCode::from_u16(*status).unwrap_or(StatusCode::UNAUTHORIZED)
            }
            Self::Gone => StatusCode::UNAUTHORIZED,
            Self::TooLarge {
                key, size, largest, ..
            } if is_value_too_long(key, *size, largest) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key that the error is about, where it is about one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Missing { key, .. }
            | Self::Type { key, .. }
            | Self::TooLarge { key, .. }
            | Self::TooDeep { key }
            | Self::ReservedKey { key }
            | Self::NotPrivate { key }
            | Self::Contended { key }
            | Self::NotOwner { key }
            | Self::Encode { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Whether `require` found no value: the visitor's state, not a defect.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }
}

/// Whether the value alone is over its key's limit: it is all that is named then. A session has more bytes than its
/// largest pair.
fn is_value_too_long(key: &str, size: usize, largest: &[(String, usize)]) -> bool {
    matches!(largest, [(only, bytes)] if only == key && *bytes == size)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key, .. } => write!(f, "cannot find value for: '{key}'"),
            Self::Type { key, source } => {
                write!(
                    f,
                    "the value stored under '{key}' has another type: {source}"
                )
            }
            Self::TooLarge {
                key,
                size,
                limit,
                largest,
            } => {
                write!(
                    f,
                    "'{key}' makes it {size} bytes, over the limit of {limit}; largest:"
                )?;
                for (i, (name, bytes)) in largest.iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma} '{name}' {bytes}")?;
                }
                Ok(())
            }
            Self::TooDeep { key } => write!(
                f,
                "the value for '{key}' is nested deeper than 127 levels and would not decode again"
            ),
            Self::RequestEnded => f.write_str(
                "the request has ended: use the session before the response head is sent, \
                 or take `record()` for what outlives it",
            ),
            Self::Destroyed => f.write_str(
                "the session was destroyed earlier in this request: `restart` begins a new one, with a message for example",
            ),
            Self::ReservedKey { key } => {
                write!(
                    f,
                    "'{key}' is reserved: choose a name that does not begin with '~'"
                )
            }
            Self::NotPrivate { key } => write!(
                f,
                "'{key}' is private and this cookie is only signed, so the visitor could read it: \
                 set `encrypted` in its configuration"
            ),
            Self::Encode { key, source } => {
                write!(f, "the value for '{key}' can't be encoded: {source}")
            }
            Self::Contended { key } => write!(
                f,
                "'{key}' changed under every attempt to update it: does the closure write the same key?"
            ),
            Self::Lifetime { asked, limit } => write!(
                f,
                "a lifetime of {asked:?}: choose whole seconds from 1 s to {limit:?}, the configured `max_age`, or raise it"
            ),
            Self::LayerConflict { cookie } => write!(
                f,
                "two session layers with different settings serve the cookie '{cookie}' around this handler: \
                 use clones of one layer, or give the inner one a cookie name of its own"
            ),
            Self::Unavailable => f.write_str("the session can't be checked at the moment"),
            Self::Random => {
                f.write_str("the operating system gave no random bytes for a session id")
            }
            Self::MissingSession(missing) => missing.fmt(f),
            Self::NoStore => f.write_str(
                "this commits at once, which a session in a cookie can't: give the layer a store \
                 (`SessionLayer::with_store`)",
            ),
            Self::NotLoaded => f.write_str(
                "the session was not loaded yet: extract it, or await `Session::load()` before",
            ),
            Self::NotOwner { key } => write!(
                f,
                "'{key}' does not say whose session it is: mark its field `#[session(owner)]` and give the struct \
                 to `with_data`"
            ),
            #[cfg(feature = "store")]
            Self::NoFeed => f.write_str(
                "this session's layer does not ask this feed: give it to the layer (`SessionLayer::with_revocation`)",
            ),
            Self::Gone => {
                f.write_str("the session was signed out or renewed while this request was running")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Type { source, .. } | Self::Encode { source, .. } => Some(source.as_ref()),
            Self::MissingSession(missing) => Some(missing),
            _ => None,
        }
    }
}

impl From<MissingSession> for Error {
    fn from(missing: MissingSession) -> Self {
        Self::MissingSession(missing)
    }
}

/// No session was found where one was asked for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MissingSession {
    wanted: &'static str,
}

impl MissingSession {
    pub(crate) fn new(wanted: &'static str) -> Self {
        Self { wanted }
    }
}

impl fmt::Display for MissingSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` found no session: add `SessionLayer` to the router, around this handler. In a middleware: the layer that \
             is added last runs first, so call `.layer(session_layer)` after `.layer(your_middleware)`. \
             If it is there: two versions of `session-runtime` in one build do not see each other's sessions \
             (look at `cargo tree -d`), and `Session::current()` works only in the request's own task \
             (move a `Session` into what you spawn)",
            self.wanted
        )
    }
}

impl std::error::Error for MissingSession {}

/// A configuration that can't work. The message says what to change.
#[derive(Clone)]
pub struct ConfigError {
    message: String,
    cause: Option<Box<ConfigError>>,
}

impl ConfigError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            cause: None,
        }
    }

    /// With what led to it and what to do, where the message is fixed.
    #[cfg(feature = "config")]
    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Box::new(Self::new(cause)));
        self
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_tuple("ConfigError");
        debug.field(&self.message);
        if let Some(cause) = &self.cause {
            debug.field(&cause.message);
        }
        debug.finish()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl From<core::convert::Infallible> for ConfigError {
    fn from(never: core::convert::Infallible) -> Self {
        match never {}
    }
}

/// Why a cookie was not used. One outcome for the visitor, a new session; the reason is for the log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal(Reason);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    Missing,
    TooLong,
    Malformed,
    Version,
    UnknownKey,
    BadMac,
    BadTime,
    Future,
    Expired,
    Revoked,
    Duplicate,
    Payload,
}

impl Reason {
    pub(crate) const ALL: [Self; 12] = [
        Self::Missing,
        Self::TooLong,
        Self::Malformed,
        Self::Version,
        Self::UnknownKey,
        Self::BadMac,
        Self::BadTime,
        Self::Future,
        Self::Expired,
        Self::Revoked,
        Self::Duplicate,
        Self::Payload,
    ];
}

impl Refusal {
    /// The reason in one word: `missing`, `too_long`, `malformed`, `version`, `unknown_key`, `bad_mac`, `bad_time`,
    /// `future`, `expired`, `revoked`, `duplicate` or `payload`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self.0 {
            Reason::Missing => "missing",
            Reason::TooLong => "too_long",
            Reason::Malformed => "malformed",
            Reason::Version => "version",
            Reason::UnknownKey => "unknown_key",
            Reason::BadMac => "bad_mac",
            Reason::BadTime => "bad_time",
            Reason::Future => "future",
            Reason::Expired => "expired",
            Reason::Revoked => "revoked",
            Reason::Duplicate => "duplicate",
            Reason::Payload => "payload",
        }
    }

    /// The reason in a sentence, with the usual causes: for developers and operators, not for visitors.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?))?;
    /// if let Err(refusal) = store.open_value(b"no cookie of ours") {
    ///     eprintln!("{refusal}: {}", refusal.explanation());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self.0 {
            Reason::Missing => {
                "No cookie of this name came: the browser has none, dropped it, or does not send it to this host or path."
            }
            Reason::TooLong => {
                "It is too long to be read: over 4096 bytes, or over 16 KiB or 256 cookies in the whole request."
            }
            Reason::Malformed => {
                "It is not in the format: cut off, altered, or set by another program under the same name."
            }
            Reason::Version => {
                "It is in another format or mode than the one that is configured: `encrypted` was switched, \
                 or the date until which another format is read has passed."
            }
            Reason::UnknownKey => {
                "It was made under a key that is not configured: the key was replaced (list the old one behind the new \
                 one), or another application on this host uses the same cookie name (cookies ignore ports)."
            }
            Reason::BadMac => {
                "Its signature does not hold: it was altered or forged, or it was made under another cookie name, context \
                 or key."
            }
            Reason::BadTime => "Its signature holds, and its times make no sense.",
            Reason::Future => {
                "Its signature holds, and it was made more than a day ahead: the clock of this server or of the one that \
                 made it is wrong."
            }
            Reason::Expired => {
                "Its signature holds, and its time is over: it was not used for `max_age` or the session's own lifetime, \
                 or the session is older than `absolute_max_age`."
            }
            Reason::Revoked => "It is good, and its session was ended: signed out, or revoked.",
            Reason::Duplicate => {
                "Several cookies of this name came that belong to different sessions, or more than four: its domain or \
                 path was changed, and the browser still has the old one (`formerly` removes it, or choose a new name)."
            }
            Reason::Payload => {
                "Its signature holds, and what is in it is no session: it was made by another program with the same key."
            }
        }
    }

    pub(crate) fn is(self, reason: Reason) -> bool {
        self.0 == reason
    }

    /// This reason, unless it only says that the format is another, and that one has a reason of its own.
    pub(crate) fn or(self, other: Self) -> Self {
        match self.0 {
            Reason::Missing | Reason::Version => other,
            _ => self,
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self(reason)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({})", self.as_str())
    }
}

impl std::error::Error for Refusal {}
