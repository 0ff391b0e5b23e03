//! Every error of the crate. No message, and no `Debug`, shows a stored value.

mod config;
mod missing;
mod refusal;
mod text;

use core::time::Duration;

use http::StatusCode;

pub use config::ConfigError;
pub use missing::MissingSession;
pub(crate) use refusal::Reason;
pub use refusal::Refusal;

/// The crate's result; the error defaults to [`Error`].
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Any error. A [`Revocation`](crate::Revocation) hook fails with it. `?` converts every error to it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a session call failed.
///
/// As an axum response it has the status of [`Error::status`] and an opaque body. The log has the details. The response
/// carries the error in its extensions, so that one middleware can make the pages for all errors:
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
/// An error type of the application can keep the status:
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
        /// The status of the response: 401, or the status in the field's `missing` option.
        status: u16,
    },
    /// The stored value does not decode as the requested type. Only this key is affected.
    Type {
        /// The key.
        key: String,
        /// Why the value did not decode, without the value.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// With this value the cookie, or the value itself, would be too large. The session is unchanged.
    TooLarge {
        /// The key that was put.
        key: String,
        /// The size in bytes that it would have: of the cookie's name and value, or of the encoded value where the key
        /// has a `max_len`.
        size: usize,
        /// The limit in bytes that it exceeds.
        limit: usize,
        /// The largest keys that the session would have, each with its size in bytes, largest first. If the value is
        /// over its key's `max_len`: only this key and the value's size.
        largest: Vec<(String, usize)>,
    },
    /// The value is nested deeper than 127 levels, so it would not decode again.
    TooDeep {
        /// The key that was put.
        key: String,
    },
    /// The response head has been sent, or the request was dropped. The session is no longer available.
    RequestEnded,
    /// The session was destroyed earlier in this request.
    Destroyed,
    /// The name is reserved: names beginning with `~` belong to the cookie format.
    ReservedKey {
        /// The name.
        key: String,
    },
    /// A `private` key was used in a cookie that is signed, not encrypted.
    NotPrivate {
        /// The key.
        key: String,
    },
    /// The value can't be encoded, or it would not read back: it holds a NaN or an infinity, or its type does not
    /// decode what it encodes (see [`Key`](crate::Key)).
    Encode {
        /// The key that was put.
        key: String,
        /// The error of the encoder.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The value changed during each call of the closure of `update`. The closure probably writes its own key.
    Contended {
        /// The key.
        key: String,
    },
    /// The configuration does not allow the requested lifetime.
    Lifetime {
        /// The requested lifetime.
        asked: Duration,
        /// The longest that is allowed: the configured `max_age`.
        limit: Duration,
    },
    /// Two layers with different settings serve one cookie around this handler. The settings of the inner layer could
    /// not apply.
    LayerConflict {
        /// The cookie's name.
        cookie: String,
    },
    /// A revocation check failed, or a store did not answer, so the session's state is unknown. Nobody is signed out.
    Unavailable,
    /// The operating system gave no random bytes, so no session id can be made.
    Random,
    /// There is no session here; see [`MissingSession`].
    MissingSession(MissingSession),
    /// The call commits at once, which needs a server-side store. A session in a cookie has no store.
    NoStore,
    /// The layer loads sessions only when they are extracted, and this one was not loaded yet: await
    /// `Session::load` first.
    NotLoaded,
    /// The key is not the `owner` key of the layer, so it can't identify the owner of sessions.
    NotOwner {
        /// The key.
        key: String,
    },
    /// The session was signed out, revoked or renewed by another request while this one was running.
    Gone,
    /// The layer of this session does not use the feed that should revoke the session.
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

    /// The key that caused the error, if a key caused it.
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

/// Whether the value alone is over its key's limit. Then `largest` has only this key, with all the bytes of `size`. A
/// session has more bytes than its largest pair.
fn is_value_too_long(key: &str, size: usize, largest: &[(String, usize)]) -> bool {
    matches!(largest, [(only, bytes)] if only == key && *bytes == size)
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
