//! What a memory store holds, with its indexes: by owner, by end, and the sessions that may be dropped.

use std::collections::{BTreeSet, HashMap};
use std::time::SystemTime;

use super::super::protocol::{OwnerPlace, Slot};
use super::super::{Notice, OwnerId, Row, StoreError, StoreId, WriteId};

pub(super) struct Shelves {
    pub(super) max_sessions: usize,
    slots: HashMap<StoreId, Slot>,
    /// How many slots have a row.
    sessions: usize,
    owners: HashMap<OwnerId, BTreeSet<StoreId>>,
    /// Every slot by the time at which nothing is known of it any more: sessions, and ended ids.
    gone_at: [BTreeSet<(SystemTime, StoreId)>; 2],
    /// Sessions without an owner, by when they were last seen.
    anonymous: BTreeSet<(SystemTime, StoreId)>,
    places: HashMap<OwnerId, OwnerPlace>,
    notices: HashMap<WriteId, (SystemTime, Notice)>,
}

/// Which of [`Shelves::gone_at`].
const SESSIONS: usize = 0;
const ENDED: usize = 1;

fn row(slot: &Slot) -> Option<&Row> {
    match slot {
        Slot::Live(row) | Slot::Retired(row, _) => Some(row),
        Slot::Ended { .. } => None,
    }
}

impl Shelves {
    pub(super) fn new(max_sessions: usize) -> Self {
        Self {
            max_sessions,
            slots: HashMap::new(),
            sessions: 0,
            owners: HashMap::new(),
            gone_at: [BTreeSet::new(), BTreeSet::new()],
            anonymous: BTreeSet::new(),
            places: HashMap::new(),
            notices: HashMap::new(),
        }
    }

    pub(super) fn sessions(&self) -> usize {
        self.sessions
    }

    pub(super) fn get(&self, id: &StoreId) -> Option<Slot> {
        self.slots.get(id).cloned()
    }

    pub(super) fn put_if(&mut self, id: StoreId, slot: Option<Slot>) {
        if let Some(slot) = slot {
            self.put(id, slot);
        }
    }

    /// Puts the slot. Most saves change neither the end nor the owner, so most leave the indexes as they are.
    pub(super) fn put(&mut self, id: StoreId, slot: Slot) {
        let at = Indexed::of(&slot);
        let before = self.slots.insert(id, slot);
        let before = before.as_ref().map(Indexed::of);
        if before.as_ref() == Some(&at) {
            return;
        }
        if let Some(before) = before {
            self.take_from_indexes(&id, &before);
        }
        self.add_to_indexes(id, &at);
    }

    fn remove(&mut self, id: &StoreId) {
        if let Some(slot) = self.slots.remove(id) {
            self.take_from_indexes(id, &Indexed::of(&slot));
        }
    }

    fn add_to_indexes(&mut self, id: StoreId, at: &Indexed) {
        self.gone_at[at.shelf].insert((at.gone_at, id));
        self.sessions += usize::from(at.shelf == SESSIONS);
        if let Some(seen_at) = at.anonymous {
            self.anonymous.insert((seen_at, id));
        }
        if let Some(owner) = at.owner {
            self.owners.entry(owner).or_default().insert(id);
        }
    }

    fn take_from_indexes(&mut self, id: &StoreId, at: &Indexed) {
        self.gone_at[at.shelf].remove(&(at.gone_at, *id));
        self.sessions -= usize::from(at.shelf == SESSIONS);
        if let Some(seen_at) = at.anonymous {
            self.anonymous.remove(&(seen_at, *id));
        }
        if let Some(owner) = &at.owner
            && let Some(ids) = self.owners.get_mut(owner)
        {
            ids.remove(id);
            if ids.is_empty() {
                self.owners.remove(owner);
            }
        }
    }

    /// The live sessions of an owner.
    pub(super) fn of_owner(&self, owner: &OwnerId) -> impl Iterator<Item = (&StoreId, &Row)> {
        let ids = self.owners.get(owner).into_iter().flatten();
        ids.filter_map(|id| Some((id, self.slots.get(id)?.live()?)))
    }

    /// Makes room for one more session.
    pub(super) fn make_room(&mut self, now: SystemTime) -> Result<(), StoreError> {
        self.drop_one(now, None)
    }

    /// Makes room for one more session; this one stays.
    pub(super) fn make_room_beside(
        &mut self,
        now: SystemTime,
        kept: &StoreId,
    ) -> Result<(), StoreError> {
        self.drop_one(now, Some(kept))
    }

    fn drop_one(&mut self, now: SystemTime, kept: Option<&StoreId>) -> Result<(), StoreError> {
        if self.sessions < self.max_sessions {
            return Ok(());
        }
        self.sweep(now);
        while self.sessions >= self.max_sessions {
            let mut oldest = self.anonymous.iter().map(|(_, id)| *id);
            let Some(id) = oldest.find(|id| Some(id) != kept) else {
                return Err(StoreError::unavailable(
                    "the memory store is full of sessions with an owner",
                ));
            };
            self.remove(&id);
        }
        Ok(())
    }

    /// What is known of ended ids is bounded too: the oldest go first.
    pub(super) fn forget_ended(&mut self, now: SystemTime) {
        self.sweep_shelf(ENDED, now);
        while self.gone_at[ENDED].len() > self.max_sessions {
            let Some((_, id)) = self.gone_at[ENDED].first().copied() else {
                return;
            };
            self.remove(&id);
        }
    }

    /// Removes what is over; how many sessions.
    pub(super) fn sweep(&mut self, now: SystemTime) -> u64 {
        self.places.retain(|_, place| !place.is_over(now));
        self.notices
            .retain(|_, (at, notice)| is_kept(*at, notice, now));
        self.sweep_shelf(ENDED, now);
        self.sweep_shelf(SESSIONS, now)
    }

    fn sweep_shelf(&mut self, which: usize, now: SystemTime) -> u64 {
        let mut swept = 0;
        while let Some((at, id)) = self.gone_at[which].first().copied()
            && at <= now
        {
            self.remove(&id);
            swept += 1;
        }
        swept
    }

    pub(super) fn place(&self, owner: &OwnerId) -> Option<OwnerPlace> {
        self.places.get(owner).cloned()
    }

    pub(super) fn set_place(&mut self, owner: OwnerId, at: SystemTime, spared: &[StoreId]) {
        let spared = spared.to_vec();
        self.places.insert(owner, OwnerPlace { at, spared });
    }

    pub(super) fn publish(&mut self, notice: &Notice, now: SystemTime) {
        self.notices
            .entry(notice.write)
            .or_insert_with(|| (now, notice.clone()));
    }

    pub(super) fn published(
        &self,
        since: Option<SystemTime>,
        now: SystemTime,
    ) -> Vec<(SystemTime, Notice)> {
        let is_asked = |at: SystemTime| since.is_none_or(|since| at >= since);
        let wanted = self
            .notices
            .values()
            .filter(|(at, notice)| is_asked(*at) && is_kept(*at, notice, now));
        wanted.cloned().collect()
    }
}

/// Where a slot is found in the indexes.
#[derive(PartialEq, Eq)]
struct Indexed {
    /// Which of [`Shelves::gone_at`].
    shelf: usize,
    gone_at: SystemTime,
    /// When a session without an owner was last seen.
    anonymous: Option<SystemTime>,
    /// The owner of a live session.
    owner: Option<OwnerId>,
}

impl Indexed {
    fn of(slot: &Slot) -> Self {
        let row = row(slot);
        let anonymous = row.filter(|row| row.owner.is_none());
        Self {
            shelf: if row.is_some() { SESSIONS } else { ENDED },
            gone_at: slot.gone_at(),
            anonymous: anonymous.map(|row| row.seen_at),
            owner: slot.live().and_then(|row| row.owner),
        }
    }
}

fn is_kept(at: SystemTime, notice: &Notice, now: SystemTime) -> bool {
    at.checked_add(notice.keep_for)
        .is_none_or(|until| now < until)
}
