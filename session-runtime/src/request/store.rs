//! How many requests of a layer are live.

use core::fmt;
use std::sync::Arc;

use crate::stripe::{Stripe, Striped};
use crate::sync::{AtomicUsize, Ordering};

/// The live requests of a [`SessionLayer`](crate::SessionLayer): an entry is opened when a request arrives and gone
/// when its response head has been made, or its future was dropped. A clone counts the same requests.
#[derive(Clone, Default)]
pub struct RequestStore {
    live: Arc<Striped<AtomicUsize>>,
}

impl RequestStore {
    /// How many requests are live.
    #[must_use]
    pub fn len(&self) -> usize {
        let live = self.live.iter();
        live.map(|live| live.load(Ordering::Acquire)).sum()
    }

    /// Whether no request is live.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn enter(&self, stripe: Stripe) {
        self.live.of(stripe).fetch_add(1, Ordering::AcqRel);
    }

    /// Ends a request that entered on this stripe.
    pub(super) fn leave(&self, stripe: Stripe) {
        self.live.of(stripe).fetch_sub(1, Ordering::AcqRel);
    }
}

impl fmt::Debug for RequestStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestStore")
            .field("len", &self.len())
            .finish()
    }
}
