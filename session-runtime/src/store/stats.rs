//! How often what happened at a store.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counts {
    ($($(#[$docs:meta])* $name:ident,)*) => {
        /// What a layer counted at its store since it was made; the clones of a layer count together.
        ///
        /// All numbers only grow. Worth an alert: `unavailable`, `in_doubt` and `corrupt`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Stats {
            $($(#[$docs])* pub $name: u64,)*
        }

        #[derive(Default)]
        pub(crate) struct Counts {
            $(pub(super) $name: Count,)*
        }

        impl Counts {
            pub(crate) fn stats(&self) -> Stats {
                Stats { $($name: self.$name.0.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counts! {
    /// Calls of the store.
    trips,
    /// Sessions that were asked for.
    loads,
    /// Rows that were written.
    writes,
    /// Writes that met another's and were merged with it.
    conflicts,
    /// Keys that two requests changed at once: the later write stands.
    overwritten,
    /// Writes for sessions that had ended, whose changes were dropped.
    gone,
    /// Writes for sessions whose owner's sessions had just been ended.
    refused,
    /// Calls that failed; in-doubt and corrupt ones too.
    unavailable,
    /// Writes whose answer was lost.
    in_doubt,
    /// Rows that could not be read.
    corrupt,
}

#[derive(Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(super) fn add(&self, number: usize) {
        self.0
            .fetch_add(u64::try_from(number).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn one(&self) {
        self.add(1);
    }
}
