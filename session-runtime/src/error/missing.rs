//! The error for a call outside of a session layer.

use core::fmt;

use super::Error;

/// The call found no session.
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

impl From<MissingSession> for Error {
    fn from(missing: MissingSession) -> Self {
        Self::MissingSession(missing)
    }
}
