//! Which responses save.

use http::StatusCode;

/// Which responses carry changes of the session to the visitor.
///
/// A panic or an error instead of a response never does. [`Session::destroy`](crate::Session::destroy) is carried by
/// every response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SavePolicy {
    /// Every status below 500, so that what a failed page did not show is still there for the next try.
    #[default]
    NotOnServerError,
    /// Every status.
    Always,
}

impl SavePolicy {
    pub(super) fn saves(self, status: StatusCode) -> bool {
        match self {
            Self::NotOnServerError => !status.is_server_error(),
            Self::Always => true,
        }
    }
}
