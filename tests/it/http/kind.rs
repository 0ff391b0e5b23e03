//! Where the sessions of this program are: in their cookies.

use session_runtime::{Record, SessionLayer};

use super::support::{self, Clock, Visitor};

pub(crate) type Layer = SessionLayer;

/// Whether the cookie holds the whole session, so that each change is sent.
pub(crate) const IN_COOKIE: bool = true;

/// The most bytes that a session may have.
pub(crate) const ROOM: usize = 4_096;

/// Nothing is kept on the server.
#[derive(Clone)]
pub(crate) struct Place;

#[expect(clippy::unused_self, reason = "another program has a store here")]
impl Place {
    pub(crate) fn new(_clock: &Clock) -> Self {
        Self
    }

    pub(crate) fn layer(&self, layer: SessionLayer) -> Layer {
        layer
    }

    /// Rows that were written since the last call.
    pub(crate) fn writes(&self) -> usize {
        0
    }

    pub(crate) fn record(&self, visitor: &Visitor) -> Record {
        let record = visitor.codec.open(visitor.request().headers());
        record.expect("a cookie")
    }

    pub(crate) fn payload(&self, cookie: &str) -> String {
        support::payload(cookie)
    }
}
