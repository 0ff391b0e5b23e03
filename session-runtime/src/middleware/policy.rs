//! What a layer decides about its responses: which of them save, and which headers they get.

use http::StatusCode;

use crate::request::Outcome;

/// Which responses carry changes of the session to the visitor.
///
/// A panic or an error instead of a response never does. [`Session::destroy`](crate::Session::destroy) is carried by
/// every response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SavePolicy {
    /// Every status below 500 but 408. What a failed page did not show is still there for the next try, and what a
    /// handler did is saved whole or not at all: a timeout inside the layer answers 408 for a handler that it dropped
    /// half-way.
    #[default]
    NotOnServerError,
    /// Every status.
    Always,
}

impl SavePolicy {
    /// Why a response of this status carries no changes, where it does not.
    pub(super) fn skips(self, status: StatusCode) -> Option<Outcome> {
        match self {
            Self::NotOnServerError if status.is_server_error() => Some(Outcome::Skipped5xx),
            Self::NotOnServerError if status == StatusCode::REQUEST_TIMEOUT => {
                Some(Outcome::Skipped408)
            }
            Self::NotOnServerError | Self::Always => None,
        }
    }
}

/// What the layer decides about responses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) save_policy: SavePolicy,
    pub(super) cache_headers: bool,
    pub(super) clear_site_data: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            save_policy: SavePolicy::default(),
            cache_headers: true,
            clear_site_data: false,
        }
    }
}
