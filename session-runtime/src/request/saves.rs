//! Which sessions this process saved a moment ago, so that a page that only reads never sends an older copy of one.

use crate::id::SessionId;
use crate::sync::{AtomicU64, Ordering};

/// A fixed table: two sessions that share a slot only put a refresh off to the next request.
const SLOTS: usize = if cfg!(session_loom) { 2 } else { 4096 };

pub(crate) struct Saves {
    /// How many saves there were: tells whether a request began before one.
    count: AtomicU64,
    /// The number of the latest save of each slot's sessions.
    latest: Box<[AtomicU64]>,
}

impl Default for Saves {
    fn default() -> Self {
        Self {
            count: AtomicU64::new(0),
            latest: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(),
        }
    }
}

impl Saves {
    /// The number of the latest save, 0 before the first.
    pub(crate) fn latest(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Notes that the session of this id was saved.
    pub(crate) fn note(&self, id: SessionId) {
        let number = self.count.fetch_add(1, Ordering::AcqRel) + 1;
        self.slot(id).fetch_max(number, Ordering::AcqRel);
    }

    /// Whether the session was saved after the save `seen`.
    pub(crate) fn is_saved_since(&self, id: SessionId, seen: u64) -> bool {
        self.slot(id).load(Ordering::Acquire) > seen
    }

    fn slot(&self, id: SessionId) -> &AtomicU64 {
        let [a, b, ..] = *id.as_bytes();
        &self.latest[usize::from(u16::from_be_bytes([a, b])) % SLOTS]
    }
}

#[cfg(all(test, not(session_loom)))]
mod tests {
    use super::Saves;
    use crate::id::SessionId;

    fn id(slot: u16) -> SessionId {
        SessionId::from_bytes((u128::from(slot) << 112).to_be_bytes())
    }

    #[test]
    fn only_requests_that_began_before_a_save_are_told_of_it() {
        let saves = Saves::default();
        let before = saves.latest();
        saves.note(id(7));
        assert!(saves.is_saved_since(id(7), before));
        assert!(!saves.is_saved_since(id(8), before));
        assert!(!saves.is_saved_since(id(7), saves.latest()));
        saves.note(id(8));
        assert!(saves.is_saved_since(id(7), before), "also after others");
    }
}
