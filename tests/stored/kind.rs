//! Where the sessions of this program are: in a store of the server.

use session_runtime::store::MemoryStore;
use session_runtime::{SessionLayer, StoredSessionLayer};

use crate::support::Clock;

pub(crate) type Layer = StoredSessionLayer;

/// A store with the server's clock.
#[derive(Clone)]
pub(crate) struct Place(MemoryStore);

impl Place {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self(MemoryStore::new().with_clock(clock.reader()))
    }

    pub(crate) fn layer(&self, layer: SessionLayer) -> Layer {
        let layer = layer.with_store(self.0.clone());
        layer.expect("a good configuration")
    }
}
