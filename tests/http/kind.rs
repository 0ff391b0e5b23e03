//! Where the sessions of this program are: in their cookies.

use session_runtime::SessionLayer;

use crate::support::Clock;

pub(crate) type Layer = SessionLayer;

/// Nothing is kept on the server.
#[derive(Clone)]
pub(crate) struct Place;

impl Place {
    pub(crate) fn new(_clock: &Clock) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "another program has a store here")]
    pub(crate) fn layer(&self, layer: SessionLayer) -> Layer {
        layer
    }
}
