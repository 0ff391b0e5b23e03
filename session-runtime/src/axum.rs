//! axum: sessions as extractors, errors as responses.

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, Response};
use core::convert::Infallible;
use http::StatusCode;
use http::request::Parts;
use std::sync::Arc;

use crate::context::find;
use crate::error::{ConfigError, Error, MissingSession};
use crate::log;
use crate::session::Session;

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = MissingSession;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, MissingSession> {
        let session = extract(parts, "Session")?;
        #[cfg(feature = "store")]
        load(&session).await;
        Ok(session)
    }
}

/// `None` only without a [`SessionLayer`](crate::SessionLayer), whatever the session holds.
impl<S: Sync> OptionalFromRequestParts<S> for Session {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Infallible> {
        let session = find(&parts.extensions);
        #[cfg(feature = "store")]
        if let Some(session) = &session {
            load(session).await;
        }
        Ok(session)
    }
}

/// Loads the session, where that is left to the extractors. What fails is told by every call of the session.
#[cfg(feature = "store")]
async fn load(session: &Session) {
    if session.must_load() {
        drop(session.load().await);
    }
}

/// The session of the request, for the extractor of this name.
pub(crate) fn extract(parts: &Parts, extractor: &'static str) -> Result<Session, MissingSession> {
    find(&parts.extensions).ok_or_else(|| MissingSession::new(extractor))
}

/// The status of [`Error::status`] with its reason phrase as the body; the error itself goes to the log, and as an
/// `Arc<Error>` into the response's extensions, so that an outer layer can make a page of it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        log::failed(&self);
        carrying(self)
    }
}

/// A 500 with its reason phrase as the body; what is missing goes to the log. Its extensions have it as
/// [`Error::MissingSession`].
impl IntoResponse for MissingSession {
    fn into_response(self) -> Response {
        log::no_session(&self);
        carrying(self.into())
    }
}

fn carrying(error: Error) -> Response {
    let mut response = opaque(error.status());
    response.extensions_mut().insert(Arc::new(error));
    response
}

/// A 500 with its reason phrase as the body; what is wrong goes to the log.
impl IntoResponse for ConfigError {
    fn into_response(self) -> Response {
        log::misconfigured(&self);
        opaque(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

fn opaque(status: StatusCode) -> Response {
    (status, status.canonical_reason().unwrap_or_default()).into_response()
}
