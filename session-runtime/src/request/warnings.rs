//! What only the server and the browser together know, said once a minute with a count.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::log::Warning;

/// Seconds between two warnings of one kind.
const PAUSE: u64 = 60;

/// How often each kind was met since it was said, and when that was.
#[derive(Default)]
pub(crate) struct Warnings {
    kinds: [Kind; Warning::COUNT],
}

#[derive(Default)]
struct Kind {
    /// The second from which on it may be said again.
    silent_until: AtomicU64,
    met: AtomicU64,
}

impl Warnings {
    /// Counts one; how many there were since it was last said, where it is to be said now.
    pub(super) fn meet(&self, warning: Warning, now: u64) -> Option<u64> {
        let kind = &self.kinds[warning as usize];
        kind.met.fetch_add(1, Ordering::Relaxed);
        let until = kind.silent_until.load(Ordering::Relaxed);
        // A clock that was set back does not silence it for long.
        if now < until && until - now <= PAUSE {
            return None;
        }
        let next = now.saturating_add(PAUSE);
        let said =
            kind.silent_until
                .compare_exchange(until, next, Ordering::Relaxed, Ordering::Relaxed);
        said.ok()?;
        Some(kind.met.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::{PAUSE, Warnings};
    use crate::log::Warning;

    #[test]
    fn each_kind_is_said_once_a_minute_with_a_count() {
        let warnings = Warnings::default();
        assert_eq!(warnings.meet(Warning::BadMac, 1_000), Some(1));
        for second in 1..PAUSE {
            assert_eq!(warnings.meet(Warning::BadMac, 1_000 + second), None);
        }
        assert_eq!(warnings.meet(Warning::Future, 1_001), Some(1));
        assert_eq!(warnings.meet(Warning::BadMac, 1_000 + PAUSE), Some(PAUSE));
        assert_eq!(
            warnings.meet(Warning::BadMac, 10),
            Some(1),
            "a clock set back"
        );
    }
}
