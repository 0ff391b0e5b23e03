//! How often each thing became of the sessions of a layer, by the words of the log.

use core::sync::atomic::{AtomicU64, Ordering};

use super::outcome::Outcome;
use crate::error::{Reason, Refusal};
use crate::stripe::{Stripe, Striped};

/// What became of the sessions of a layer since it was made, in this process.
///
/// The words are those of the log's events, and both sets are closed, so that they can be the labels of a metric:
///
/// ```
/// use session_runtime::SessionLayer;
///
/// fn metrics(layer: &SessionLayer) -> String {
///     let counts = layer.counts();
///     let responses = counts.outcomes();
///     let mut lines: Vec<String> = responses
///         .map(|(outcome, count)| format!("session_responses_total{{outcome=\"{outcome}\"}} {count}"))
///         .collect();
///     for (reason, count) in counts.refused() {
///         lines.push(format!("session_refused_total{{reason=\"{reason}\"}} {count}"));
///     }
///     lines.join("\n")
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    outcomes: [u64; Outcome::ALL.len()],
    not_saved: u64,
    refused: [u64; Reason::ALL.len()],
}

impl Counts {
    /// Responses whose session was touched, by what became of it: `unchanged`, `new`, `changed`, `refreshed`,
    /// `rekeyed`, `destroyed`, `restarted`, `superseded`, `skipped_5xx`, `skipped_408`, and `not_saved` where a store
    /// did not take it.
    pub fn outcomes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let words = Outcome::ALL.map(Outcome::as_str);
        let outcomes = words.into_iter().zip(self.outcomes);
        outcomes.chain([("not_saved", self.not_saved)])
    }

    /// Requests whose cookie was not used, by [`Refusal::as_str`].
    pub fn refused(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let words = Reason::ALL.map(|reason| Refusal::from(reason).as_str());
        words.into_iter().zip(self.refused)
    }
}

/// What is counted while requests run; each thread counts on its own stripe.
#[derive(Default)]
pub(crate) struct Counters(Striped<Cells>);

#[derive(Default)]
struct Cells {
    outcomes: [AtomicU64; Outcome::ALL.len()],
    not_saved: AtomicU64,
    refused: [AtomicU64; Reason::ALL.len()],
}

impl Counters {
    pub(crate) fn closed(&self, outcome: Outcome) {
        let place = Outcome::ALL.iter().position(|other| *other == outcome);
        count(place.and_then(|at| self.mine().outcomes.get(at)));
    }

    #[cfg(feature = "store")]
    pub(crate) fn not_saved(&self) {
        count(Some(&self.mine().not_saved));
    }

    pub(super) fn refused(&self, refusal: Refusal) {
        let place = Reason::ALL.iter().position(|reason| refusal.is(*reason));
        count(place.and_then(|at| self.mine().refused.get(at)));
    }

    pub(crate) fn read(&self) -> Counts {
        Counts {
            outcomes: core::array::from_fn(|at| self.sum(|cells| &cells.outcomes[at])),
            not_saved: self.sum(|cells| &cells.not_saved),
            refused: core::array::from_fn(|at| self.sum(|cells| &cells.refused[at])),
        }
    }

    fn mine(&self) -> &Cells {
        self.0.of(Stripe::mine())
    }

    fn sum(&self, cell: impl Fn(&Cells) -> &AtomicU64) -> u64 {
        let cells = self.0.iter().map(cell);
        cells.map(|count| count.load(Ordering::Relaxed)).sum()
    }
}

fn count(counter: Option<&AtomicU64>) {
    let counter = counter.expect("the list has every one of them");
    counter.fetch_add(1, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::{Counters, Outcome, Reason};

    #[test]
    fn each_is_counted_under_its_own_word() {
        let counters = Counters::default();
        for (times, outcome) in Outcome::ALL.into_iter().enumerate() {
            (0..times).for_each(|_| counters.closed(outcome));
        }
        for (times, reason) in Reason::ALL.into_iter().enumerate() {
            (0..times).for_each(|_| counters.refused(reason.into()));
        }
        #[cfg(feature = "store")]
        counters.not_saved();
        let counts = counters.read();
        let mut outcomes = counts.outcomes();
        for (times, outcome) in (0..).zip(Outcome::ALL) {
            assert_eq!(outcomes.next(), Some((outcome.as_str(), times)));
        }
        let not_saved = u64::from(cfg!(feature = "store"));
        assert_eq!(outcomes.next(), Some(("not_saved", not_saved)));
        let refused: Vec<u64> = counts.refused().map(|(_, count)| count).collect();
        assert_eq!(refused, (0..12).collect::<Vec<_>>());
        let mut words: Vec<&str> = counts.refused().map(|(word, _)| word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Reason::ALL.len());
    }
}
