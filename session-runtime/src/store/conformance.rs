//! What every store must do, as a suite that any implementation of [`SessionStore`] can run.
//!
//! ```
//! use session_runtime::store::MemoryStore;
//! use session_runtime::store::conformance::{Clock, Suite};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let clock = Clock::new();
//! let time = clock.clone();
//! let store = MemoryStore::new().with_clock(move || time.now());
//! let report = Suite::new(store.clone(), store).with_clock(clock).run().await;
//! report.assert_passed();
//! # });
//! ```
//!
//! No check sleeps: an interleaving is made of steps in its order, or of writes that are all begun before one is
//! awaited. Each check makes ids of its own, so the engine may hold other sessions; but it must be swept by nobody else
//! meanwhile.

mod check;
mod endings;
mod feed;
mod owners;
mod races;
mod renewals;
mod report;
mod rows;
mod times;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use report::Report;

pub use crate::testing::Clock;

use super::SessionStore;
use crate::time::{seconds, time};

/// The checks over two handles to one engine: two servers of one application.
pub struct Suite<S> {
    one: Arc<S>,
    other: Arc<S>,
    clock: Option<Clock>,
}

impl<S: SessionStore> Suite<S> {
    /// A suite over these handles, which may be clones, or connections of their own.
    pub fn new(one: S, other: S) -> Self {
        Self {
            one: Arc::new(one),
            other: Arc::new(other),
            clock: None,
        }
    }

    /// The store takes its time from this clock, so that the checks can let time pass. Without it, those that must are
    /// left out, and the store's clock is taken for the system's.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self {
            clock: Some(clock),
            ..self
        }
    }

    /// Runs all checks, one after the other.
    pub async fn run(&self) -> Report {
        let mut report = Report::default();
        self.run_checks(&mut report).await;
        report
    }

    fn one(&self) -> &S {
        &self.one
    }

    fn other(&self) -> &S {
        &self.other
    }

    /// The present second.
    fn now(&self) -> SystemTime {
        let now = self.clock.as_ref().map_or_else(SystemTime::now, Clock::now);
        time(seconds(now))
    }

    fn pass(&self, time: Duration) {
        if let Some(clock) = &self.clock {
            clock.advance(time);
        }
    }
}

impl<S> core::fmt::Debug for Suite<S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Suite")
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

macro_rules! checks {
    (any: { $($room:ident { $($check:ident)* })* } timed: { $($timed_room:ident { $($timed:ident)* })* }) => {
        /// The names of all checks.
        pub const CHECKS: &[&str] = &[$($(stringify!($check),)*)* $($(stringify!($timed),)*)*];

        impl<S: SessionStore> Suite<S> {
            async fn run_checks(&self, report: &mut Report) {
                $($(report.note(stringify!($check), Box::pin($room::$check(self)).await);)*)*
                if self.clock.is_none() {
                    report.skip(&[$($(stringify!($timed),)*)*]);
                    return;
                }
                $($(report.note(stringify!($timed), Box::pin($timed_room::$timed(self)).await);)*)*
            }
        }
    };
}

checks! {
    any: {
        rows {
            nothing_is_absent
            a_row_is_loaded_as_it_was_written
            an_id_is_taken_once
            a_save_makes_the_next_version
            a_stale_save_is_a_conflict_with_the_whole_row
            a_save_makes_no_row
            a_repeated_write_is_done_once
            a_repeated_write_is_not_done_over_another
            a_save_that_is_not_due_leaves_the_end_alone
            a_touch_moves_the_end_and_nothing_else
            a_touch_of_another_version_moves_on
            a_touch_makes_no_row
            a_dropped_write_is_whole
        }
        endings {
            what_ended_is_known_as_destroyed
            nothing_revives_what_ended
            an_ending_is_noted_before_its_row
            an_ending_of_a_renewed_id_tells_the_new_one
        }
        renewals {
            a_renewed_session_has_its_new_id_alone
            a_retired_row_is_read_and_never_written
            a_retired_row_is_renewed_again
            a_renewal_of_what_moved_on_is_a_conflict
            a_renewal_of_what_ended_is_gone
            a_renewal_to_an_id_that_ended_is_gone
            a_repeated_renewal_is_done_once
            a_dropped_renewal_is_whole
        }
        owners {
            a_list_has_the_sessions_of_its_owner_newest_first
            a_list_follows_every_write
            a_list_has_neither_retired_nor_ended_sessions
            all_of_an_owner_end_but_the_spared
            a_sign_in_that_began_before_the_end_of_all_is_refused
            a_sign_in_that_begins_after_the_end_of_all_is_let_in
            spared_sessions_may_be_renewed
            a_session_without_an_owner_is_refused_by_none
        }
        races {
            of_writes_at_once_one_is_done
            of_creations_at_once_one_is_done
            of_renewals_at_once_one_is_done
            a_counter_counts_every_write
            an_ending_wins_over_writes_at_once
            the_end_of_all_wins_over_sign_ins_at_once
        }
        feed {
            a_notice_is_read_from_its_time_on
            a_repeated_notice_is_published_once
        }
    }
    timed: {
        times {
            a_retired_row_is_read_for_a_minute
            a_second_renewal_lengthens_nothing
            new_ids_are_told_for_a_minute
            an_ending_is_known_for_two_minutes
            a_row_stays_a_day_beyond_its_end
            the_end_of_all_is_known_for_a_day
            a_notice_is_kept_for_its_time
        }
    }
}

#[cfg(test)]
mod tests;
