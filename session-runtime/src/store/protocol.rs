//! The protocol on one id as a function: what is there, and what becomes of it. For engines that read and write in one
//! transaction.

use core::time::Duration;
use std::time::SystemTime;

use super::{
    Create, Created, Destroyed, Ended, Ending, Listed, Loaded, OwnerId, Replace, Row, Save, Saved,
    StoreId, Touch, Touched,
};

/// How long a retired row is read, and how long the new ids are known.
const RENEWAL: Duration = Duration::from_secs(60);
/// How long an ended id is known.
const TOMBSTONE: Duration = Duration::from_secs(120);
/// How long a row stays beyond its end.
const GRACE: Duration = Duration::from_secs(86_400);
/// How long the time of an owner's last ending is known.
const PLACE: Duration = Duration::from_secs(86_400);
/// How far the clock of the application and that of the engine may be apart.
const SKEW: Duration = Duration::from_secs(2);
/// New ids that one session can get in a minute.
const MAX_SUCCESSORS: usize = 16;

/// A time beyond every clock stays what it is.
fn later(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_add(by).unwrap_or(time)
}

/// From when on nothing is known of a session that ends then.
pub(super) fn gone_after(expires_at: SystemTime) -> SystemTime {
    later(expires_at, GRACE)
}

/// What is kept under one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Live(Row),
    Retired(Row, Renewal),
    Ended {
        ending: Ending,
        at: SystemTime,
        renewal: Option<Renewal>,
    },
}

/// When a session was renewed first, and to which ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Renewal {
    pub(super) at: SystemTime,
    pub(super) successors: Vec<StoreId>,
}

impl Renewal {
    /// The new ids, as long as they are told.
    fn successors(&self, now: SystemTime) -> &[StoreId] {
        if now < later(self.at, RENEWAL) {
            &self.successors
        } else {
            &[]
        }
    }
}

impl Slot {
    /// From when on nothing is known of the id.
    pub(super) fn gone_at(&self) -> SystemTime {
        match self {
            Self::Live(row) => gone_after(row.expires_at),
            Self::Retired(_, renewal) => later(renewal.at, TOMBSTONE),
            Self::Ended { at, .. } => later(*at, TOMBSTONE),
        }
    }

    /// What is left of it at this time.
    pub(super) fn at(self, now: SystemTime) -> Option<Self> {
        if now >= self.gone_at() {
            return None;
        }
        Some(match self {
            Self::Retired(_, renewal) if now >= later(renewal.at, RENEWAL) => Self::Ended {
                ending: Ending::Renewed,
                at: renewal.at,
                renewal: Some(renewal),
            },
            other => other,
        })
    }

    /// An ended id of which nothing is known from then on.
    #[cfg(feature = "postgres")]
    pub(super) fn ended_until(
        ending: Ending,
        gone_at: SystemTime,
        renewal: Option<Renewal>,
    ) -> Self {
        let at = gone_at.checked_sub(TOMBSTONE).unwrap_or(gone_at);
        Self::ended(ending, at, renewal)
    }

    fn ended(ending: Ending, at: SystemTime, renewal: Option<Renewal>) -> Self {
        Self::Ended {
            ending,
            at,
            renewal,
        }
    }

    /// The session, where it is one.
    pub(super) fn live(&self) -> Option<&Row> {
        match self {
            Self::Live(row) => Some(row),
            _ => None,
        }
    }
}

/// What is told of the slot at this time.
pub(super) fn load(slot: Option<Slot>, now: SystemTime) -> Loaded {
    match slot.and_then(|slot| slot.at(now)) {
        None => Loaded::Absent,
        Some(Slot::Live(row)) => Loaded::Row(row),
        Some(Slot::Retired(row, _)) => Loaded::Retired(row),
        Some(Slot::Ended {
            ending, renewal, ..
        }) => Loaded::Ended(Ended {
            ending,
            successors: renewal.map_or_else(Vec::new, |renewal| renewal.successors(now).to_vec()),
        }),
    }
}

/// When the sessions of an owner were last ended, and which were spared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnerPlace {
    pub(super) at: SystemTime,
    pub(super) spared: Vec<StoreId>,
}

impl OwnerPlace {
    pub(super) fn is_over(&self, now: SystemTime) -> bool {
        now >= later(self.at, PLACE)
    }

    /// Whether a request that began then puts no row under these ids.
    fn refuses(&self, begin: SystemTime, ids: &[StoreId]) -> bool {
        begin < later(self.at, SKEW) && !ids.iter().any(|id| self.spared.contains(id))
    }
}

/// Whether a row of this owner may be put under these ids.
fn is_refused(
    owner: Option<&OwnerId>,
    place: impl FnOnce(&OwnerId) -> Option<OwnerPlace>,
    begin: SystemTime,
    ids: &[StoreId],
) -> bool {
    owner
        .and_then(place)
        .is_some_and(|place| place.refuses(begin, ids))
}

/// What an operation answers, and what is kept under the id from now on where that changes.
pub(super) type Step<T> = (T, Option<Slot>);

pub(super) fn create(
    slot: Option<Slot>,
    create: &Create,
    now: SystemTime,
    place: impl FnOnce(&OwnerId) -> Option<OwnerPlace>,
) -> Step<Created> {
    match slot.and_then(|slot| slot.at(now)) {
        Some(Slot::Live(row)) if row.version == create.row.version => (Created::Done, None),
        Some(_) => (Created::Taken, None),
        None if is_refused(create.row.owner.as_ref(), place, create.begin, &[create.id]) => {
            (Created::Refused, None)
        }
        None => (Created::Done, Some(Slot::Live(create.row.clone()))),
    }
}

pub(super) fn save(
    slot: Option<Slot>,
    save: &Save,
    now: SystemTime,
    place: impl FnOnce(&OwnerId) -> Option<OwnerPlace>,
) -> Step<Saved> {
    let Some(Slot::Live(row)) = slot.and_then(|slot| slot.at(now)) else {
        return (Saved::Gone, None);
    };
    if row.version == save.row.version {
        return (Saved::Done, None);
    }
    if row.version != save.expected {
        return (Saved::Conflict(row), None);
    }
    let owner = save.row.owner.as_ref();
    if owner != row.owner.as_ref() && is_refused(owner, place, save.begin, &[save.id]) {
        return (Saved::Refused, None);
    }
    let expires_at = if save.moves_end {
        save.row.expires_at
    } else {
        row.expires_at
    };
    let row = Row {
        expires_at,
        ..save.row.clone()
    };
    (Saved::Done, Some(Slot::Live(row)))
}

/// Answers what is kept under the old id and the new one from now on.
pub(super) fn replace(
    (old, new): (Option<Slot>, Option<Slot>),
    replace: &Replace,
    now: SystemTime,
    place: impl FnOnce(&OwnerId) -> Option<OwnerPlace>,
) -> (Saved, Option<(Slot, Slot)>) {
    if !is_free(new.and_then(|slot| slot.at(now)).as_ref(), replace) {
        return (Saved::Gone, None);
    }
    let (row, renewal) = match old.and_then(|slot| slot.at(now)) {
        Some(Slot::Live(row)) => (row, None),
        Some(Slot::Retired(row, renewal)) => (row, Some(renewal)),
        Some(Slot::Ended { renewal, .. }) => return (ended_by(replace, renewal), None),
        None => return (Saved::Gone, None),
    };
    if renewal
        .as_ref()
        .is_some_and(|renewal| renewal.successors.contains(&replace.new))
    {
        return (Saved::Done, None);
    }
    if row.version != replace.expected {
        return (Saved::Conflict(row), None);
    }
    if is_refused(
        replace.row.owner.as_ref(),
        place,
        replace.begin,
        &[replace.old, replace.new],
    ) {
        return (Saved::Refused, None);
    }
    match retire(row, renewal, replace, now) {
        Some(old) => (Saved::Done, Some((old, Slot::Live(replace.row.clone())))),
        None => (Saved::Gone, None),
    }
}

/// Whether the new id has no row but those of this very replacement.
fn is_free(new: Option<&Slot>, replace: &Replace) -> bool {
    let is_ours =
        |row: &Row| row.version == replace.row.version || Some(row.version) == replace.earlier;
    new.is_none_or(|slot| slot.live().is_some_and(is_ours))
}

/// An old row that ended is a repetition's where it ended by this very replacement.
fn ended_by(replace: &Replace, renewal: Option<Renewal>) -> Saved {
    let by_this = renewal.is_some_and(|renewal| renewal.successors.contains(&replace.new));
    if by_this { Saved::Done } else { Saved::Gone }
}

/// `None` where the session got too many ids.
fn retire(row: Row, renewal: Option<Renewal>, replace: &Replace, now: SystemTime) -> Option<Slot> {
    let was_retired = renewal.is_some();
    let mut renewal = renewal.unwrap_or(Renewal {
        at: now,
        successors: Vec::new(),
    });
    if renewal.successors.len() >= MAX_SUCCESSORS {
        return None;
    }
    renewal.successors.push(replace.new);
    Some(if was_retired || replace.keeps_old {
        Slot::Retired(row, renewal)
    } else {
        Slot::ended(Ending::Renewed, now, Some(renewal))
    })
}

pub(super) fn touch(slot: Option<Slot>, touch: &Touch, now: SystemTime) -> Step<Touched> {
    let Some(Slot::Live(mut row)) = slot.and_then(|slot| slot.at(now)) else {
        return (Touched::Gone, None);
    };
    if row.version != touch.expected {
        return (Touched::MovedOn, None);
    }
    row.seen_at = row.seen_at.max(touch.seen_at);
    row.expires_at = row.expires_at.max(touch.expires_at);
    (Touched::Done, Some(Slot::Live(row)))
}

pub(super) fn destroy(slot: Option<Slot>, now: SystemTime) -> (Destroyed, Slot) {
    let (was_there, renewal) = match slot.and_then(|slot| slot.at(now)) {
        Some(Slot::Live(_)) => (true, None),
        Some(Slot::Retired(_, renewal)) => (true, Some(renewal)),
        Some(Slot::Ended { renewal, .. }) => (false, renewal),
        None => (false, None),
    };
    let successors = renewal
        .as_ref()
        .map_or(&[][..], |renewal| renewal.successors(now))
        .to_vec();
    let destroyed = Destroyed {
        was_there,
        successors,
    };
    (destroyed, Slot::ended(Ending::Destroyed, now, renewal))
}

/// The session as a list shows it.
pub(super) fn listed(id: StoreId, row: &Row) -> Listed {
    Listed {
        id,
        label: row.label.clone(),
        born: row.born,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
    }
}
