//! How many requests of a layer are live.

use core::fmt;
use std::sync::Arc;

use super::sync::{AtomicUsize, Ordering};

/// The live requests of a [`SessionLayer`](crate::SessionLayer): an entry is opened when a request arrives and gone
/// when its response head has been made, or its future was dropped. A clone counts the same requests.
#[derive(Clone, Default)]
pub struct RequestStore {
    live: Arc<AtomicUsize>,
}

impl RequestStore {
    /// How many requests are live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live.load(Ordering::Acquire)
    }

    /// Whether no request is live.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn enter(&self) {
        self.live.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn leave(&self) {
        self.live.fetch_sub(1, Ordering::AcqRel);
    }
}

impl fmt::Debug for RequestStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestStore")
            .field("len", &self.len())
            .finish()
    }
}
