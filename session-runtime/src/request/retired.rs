//! Ids that were signed out or renewed a moment ago, so that a slow request does not bring them back.

use std::collections::{HashMap, VecDeque};
use std::sync::PoisonError;

use crate::id::SessionId;
use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering};

/// Seconds for which an id is remembered.
const MEMORY: u64 = 60;
/// Ids that are remembered at once; the oldest go first.
const MAX_IDS: usize = 10_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retirement {
    Renewed,
    Destroyed,
}

#[derive(Default)]
pub(crate) struct Retired {
    /// How many notes were ever made: tells whether a request began before one.
    notes: AtomicU64,
    ids: Mutex<Ids>,
}

#[derive(Default)]
struct Ids {
    noted: HashMap<SessionId, Note>,
    /// In the order of their numbers; a note that was replaced or withdrawn leaves its entry behind until its turn.
    order: VecDeque<(u64, SessionId)>,
}

#[derive(Clone, Copy)]
struct Note {
    number: u64,
    at: u64,
    retirement: Retirement,
    /// Number and time of the renewal before this one, which counts again if this one is withdrawn.
    before: Option<(u64, u64)>,
}

impl Retired {
    /// The number of the latest note, 0 before the first.
    pub(crate) fn latest(&self) -> u64 {
        self.notes.load(Ordering::Acquire)
    }

    /// Notes the id; answers the note's number. A renewal leaves a sign-out as it is, and has none then.
    pub(crate) fn note(&self, id: SessionId, retirement: Retirement, now: u64) -> Option<u64> {
        let mut ids = self.lock();
        let before = ids.noted.get(&id).filter(|note| note.is_current(now));
        let before = match (retirement, before) {
            (Retirement::Renewed, Some(before)) if before.retirement == Retirement::Destroyed => {
                return None;
            }
            (Retirement::Renewed, before) => before.map(|note| (note.number, note.at)),
            (Retirement::Destroyed, _) => None,
        };
        let number = self.notes.load(Ordering::Relaxed) + 1;
        let note = Note {
            number,
            at: now,
            retirement,
            before,
        };
        ids.forget_old(now);
        ids.noted.insert(id, note);
        ids.order.push_back((number, id));
        self.notes.store(number, Ordering::Release);
        Some(number)
    }

    /// Takes back the note of this number; what was noted before and after it stays.
    pub(crate) fn withdraw(&self, id: SessionId, number: u64) {
        let mut ids = self.lock();
        let Some(note) = ids.noted.get_mut(&id) else {
            return;
        };
        if note.number != number {
            note.before = note.before.filter(|(before, _)| *before != number);
            return;
        }
        match note.before.take() {
            Some((number, at)) => {
                (note.number, note.at) = (number, at);
                ids.order.push_back((number, id));
            }
            None => drop(ids.noted.remove(&id)),
        }
    }

    /// Whether the id was retired after the note `seen`.
    pub(crate) fn is_retired_since(&self, id: SessionId, seen: u64, now: u64) -> bool {
        self.latest() > seen && self.find(id, now).is_some_and(|note| note.number > seen)
    }

    pub(crate) fn is_destroyed(&self, id: SessionId, now: impl Fn() -> u64) -> bool {
        let found = (self.latest() > 0).then(|| self.find(id, now())).flatten();
        found.is_some_and(|note| note.retirement == Retirement::Destroyed)
    }

    fn find(&self, id: SessionId, now: u64) -> Option<Note> {
        let note = self.lock().noted.get(&id).copied()?;
        note.is_current(now).then_some(note)
    }

    fn lock(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Note {
    fn is_current(&self, now: u64) -> bool {
        now < self.at.saturating_add(MEMORY)
    }
}

impl Ids {
    /// Makes room for one more.
    fn forget_old(&mut self, now: u64) {
        while let Some(&(number, id)) = self.order.front() {
            let note = self.noted.get(&id).filter(|note| note.number == number);
            let is_current = note.is_some_and(|note| note.is_current(now));
            if is_current && self.order.len() < MAX_IDS {
                break;
            }
            if note.is_some() {
                self.noted.remove(&id);
            }
            self.order.pop_front();
        }
    }
}

#[cfg(all(test, not(session_loom)))]
mod tests {
    use super::{MAX_IDS, Retired, Retirement};
    use crate::id::SessionId;

    fn id(number: usize) -> SessionId {
        SessionId::from_bytes((number as u128).to_be_bytes())
    }

    #[test]
    fn ten_thousand_sign_outs_in_a_minute_are_remembered_and_no_more() {
        const IDS: usize = 10_000;
        let retired = Retired::default();
        let begun = retired.latest();
        let sign_out = |number| retired.note(id(number), Retirement::Destroyed, 1_000);
        let is_remembered = |number| {
            let is_retired = retired.is_retired_since(id(number), begun, 1_000);
            assert_eq!(retired.is_destroyed(id(number), || 1_000), is_retired);
            is_retired
        };
        for number in 0..IDS {
            sign_out(number);
        }
        assert!((0..IDS).all(is_remembered));
        assert!(!is_remembered(IDS));

        sign_out(IDS);
        assert!(!is_remembered(0), "the oldest is forgotten");
        assert!((1..=IDS).all(is_remembered));
        let ids = retired.lock();
        assert_eq!((ids.noted.len(), ids.order.len()), (IDS, IDS));
    }

    #[test]
    fn one_id_noted_over_and_over_takes_no_more_room() {
        let retired = Retired::default();
        for _ in 0..3 * MAX_IDS {
            retired.note(id(7), Retirement::Renewed, 1_000);
        }
        assert!(retired.lock().order.len() <= MAX_IDS);
        assert!(retired.is_retired_since(id(7), 0, 1_000));
    }

    #[test]
    fn an_id_is_forgotten_after_a_minute() {
        let retired = Retired::default();
        retired.note(id(1), Retirement::Destroyed, 1_000);
        assert!(retired.is_destroyed(id(1), || 1_059));
        assert!(!retired.is_destroyed(id(1), || 1_060));
        retired.note(id(2), Retirement::Destroyed, 1_060);
        assert_eq!(retired.lock().noted.len(), 1);
    }

    #[test]
    fn only_requests_older_than_the_note_are_superseded() {
        let retired = Retired::default();
        let before = retired.latest();
        let number = retired.note(id(1), Retirement::Renewed, 1_000);
        assert!(retired.is_retired_since(id(1), before, 1_000));
        assert!(!retired.is_retired_since(id(1), number.expect("noted"), 1_000));
        assert!(!retired.is_destroyed(id(1), || 1_000));
    }

    #[test]
    fn a_withdrawn_note_counts_no_more_but_a_later_one_does() {
        let retired = Retired::default();
        let renewal = || {
            let number = retired.note(id(1), Retirement::Renewed, 1_000);
            number.expect("noted")
        };
        let (first, second) = (renewal(), renewal());
        retired.withdraw(id(1), first);
        assert!(retired.is_retired_since(id(1), 0, 1_000));
        retired.withdraw(id(1), second);
        assert!(!retired.is_retired_since(id(1), 0, 1_000));
    }

    #[test]
    fn an_earlier_note_counts_again_once_a_later_one_is_withdrawn() {
        let retired = Retired::default();
        let renewal = |now| {
            let number = retired.note(id(1), Retirement::Renewed, now);
            number.expect("noted")
        };
        let (first, second) = (renewal(1_000), renewal(1_030));
        retired.withdraw(id(1), second);
        assert!(retired.is_retired_since(id(1), 0, 1_059));
        assert!(!retired.is_retired_since(id(1), first, 1_059));
        assert!(
            !retired.is_retired_since(id(1), 0, 1_060),
            "by its own time"
        );
        retired.note(id(2), Retirement::Renewed, 2_000);
        assert_eq!(retired.lock().noted.len(), 1, "it is forgotten");
    }

    #[test]
    fn a_renewal_after_a_sign_out_leaves_the_sign_out() {
        let retired = Retired::default();
        retired.note(id(1), Retirement::Destroyed, 1_000);
        assert_eq!(retired.note(id(1), Retirement::Renewed, 1_010), None);
        assert!(retired.is_destroyed(id(1), || 1_059));
        assert!(retired.note(id(1), Retirement::Renewed, 1_060).is_some());
        assert!(!retired.is_destroyed(id(1), || 1_060));
    }
}
