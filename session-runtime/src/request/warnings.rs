//! What only the server and the browser together know, said once a minute with a count.

use std::sync::atomic::{AtomicU64, Ordering};

use super::store::Shared;
use crate::codec::Page;
use crate::error::{Reason, Refusal};
use crate::log::{self, Warning};

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
    fn meet(&self, warning: Warning, now: u64) -> Option<u64> {
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

impl Shared {
    /// Says why the cookie that came was not used, or that it is of the future.
    pub(super) fn warn_of_cookie(&self, refused: Option<Refusal>) {
        let warning = match refused {
            None => Some(Warning::Ahead),
            Some(refusal) if refusal.is(Reason::UnknownKey) => Some(Warning::UnknownKey),
            Some(refusal) if refusal.is(Reason::Future) => Some(Warning::Future),
            Some(refusal) if refusal.is(Reason::BadMac) => Some(Warning::BadMac),
            Some(_) => None,
        };
        if let Some(refusal) = refused {
            self.counters.refused(refusal);
        }
        let is_said = warning.is_some_and(|warning| self.warn(warning));
        if let Some(refusal) = refused.filter(|_| !is_said) {
            log::refused(self.codec.name(), refusal);
        }
    }

    /// Says that the browser will drop or hide the cookie that is issued.
    pub(super) fn warn_of_place(&self, page: &Page) {
        if let Some(warning) = self.codec.misplaced(page) {
            self.warn(warning);
        }
    }

    pub(super) fn warn_of_conflict(&self) {
        self.warn(Warning::Conflict);
    }

    pub(crate) fn warn_of_clone(&self) {
        self.warn(Warning::Nested);
    }

    fn warn(&self, warning: Warning) -> bool {
        let met = self.warnings.meet(warning, self.codec.now());
        if let Some(count) = met {
            log::warning(self.codec.name(), warning, count);
        }
        met.is_some()
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
