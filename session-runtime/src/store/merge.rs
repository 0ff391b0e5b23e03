//! Three-way merge of payload texts: what a session held when it was loaded (base), what another request made of it
//! (theirs), and what this request changed. Texts alone; no value is decoded.
//!
//! A key that this request changed is ours; everything else is theirs, byte for byte and in their order.

mod members;

use members::{Member, Members};

use crate::record::Pending;

/// The session's own lifetime, an entry among the deadlines that belongs to no key.
const LIFE: &str = "~life";

/// What a request changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    keys: Vec<(String, Change)>,
    life: Life,
}

/// What a request did to the session's own lifetime.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Life {
    #[default]
    Kept,
    /// The number's text.
    Set(String),
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    /// Value and deadline as JSON text.
    Put(String, Option<String>),
    Del,
    /// A flash was shown: gone, if it is the one that was shown.
    Shown,
    /// A value without a deadline got the one that it is judged by.
    Aged(String),
}

/// Texts that are no payload.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoPayload;

impl Changes {
    /// What makes `ours` of `base`. What was over at `now` is no change of ours, and names of `shown` were flashes.
    ///
    /// A `clear` is the removal of every key that was there.
    pub(crate) fn between(
        base: &[u8],
        ours: &[u8],
        shown: &[String],
        now: u64,
    ) -> Result<Self, NoPayload> {
        let (base, ours) = (Members::parse(base)?, Members::parse(ours)?);
        let puts = ours.iter().filter_map(|member| {
            let change = put_of(base.get(&member.name), member)?;
            Some((member.name.clone(), change))
        });
        let gone = base
            .iter()
            .filter(|member| ours.get(&member.name).is_none());
        let gone = gone.filter_map(|member| {
            let change = if shown.contains(&member.name) {
                Change::Shown
            } else {
                Change::Del
            };
            (change == Change::Shown || !member.is_over(now)).then(|| (member.name.clone(), change))
        });
        let life = match ours.entry(LIFE) {
            same if same == base.entry(LIFE) => Life::Kept,
            Some(number) => Life::Set(number.to_owned()),
            None => Life::Removed,
        };
        Ok(Self {
            keys: puts.chain(gone).collect(),
            life,
        })
    }

    fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.life == Life::Kept
    }

    /// What they come to while they are not in the store. A deadline that a read gave a value causes no save.
    pub(crate) fn pending(&self) -> Pending {
        let is_shown = |change: &Change| matches!(change, Change::Shown);
        let is_edit = |change: &Change| matches!(change, Change::Put(..) | Change::Del);
        let mut changes = self.keys.iter().map(|(_, change)| change);
        if self.life != Life::Kept || changes.clone().any(is_edit) {
            Pending::Edits
        } else if changes.any(is_shown) {
            Pending::Shown
        } else {
            Pending::Nothing
        }
    }

    /// The changes of all keys but these.
    pub(crate) fn without_keys(mut self, names: &[&str]) -> Self {
        self.keys
            .retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// The changes of these keys alone.
    pub(crate) fn of_keys(&self, names: &[&str]) -> Self {
        let keys = self
            .keys
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()));
        Self {
            keys: keys.cloned().collect(),
            life: Life::Kept,
        }
    }
}

/// What was put, if the member is not the one that came.
fn put_of(came: Option<&Member<'_>>, ours: &Member<'_>) -> Option<Change> {
    let deadline = || ours.deadline.map(str::to_owned);
    match came {
        Some(came) if came.holds_same(ours) => None,
        Some(came) if came.value == ours.value && came.deadline.is_none() => {
            deadline().map(Change::Aged)
        }
        _ => Some(Change::Put(ours.value.to_owned(), deadline())),
    }
}

/// A merged payload.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Merged {
    pub(crate) payload: Vec<u8>,
    /// Keys that both changed, to different values: ours stand.
    pub(crate) overwritten: Vec<String>,
}

/// Why there is no merged payload.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unmerged {
    NoPayload,
    TooLarge {
        size: usize,
        /// Keys with the bytes of their pairs, largest first.
        largest: Vec<(String, usize)>,
    },
}

impl From<NoPayload> for Unmerged {
    fn from(_: NoPayload) -> Self {
        Self::NoPayload
    }
}

/// Makes the changes, which were made of `base`, on top of `theirs`; at most `limit` bytes.
pub(crate) fn merge(
    base: &[u8],
    theirs: &[u8],
    changes: &Changes,
    limit: usize,
) -> Result<Merged, Unmerged> {
    if changes.is_empty() {
        return Ok(Merged {
            payload: theirs.to_vec(),
            overwritten: Vec::new(),
        });
    }
    let (base, theirs) = (Members::parse(base)?, Members::parse(theirs)?);
    let mut merged = theirs.clone();
    let mut overwritten = Vec::new();
    for (name, change) in &changes.keys {
        let (came, present) = (base.get(name), theirs.get(name));
        let is_theirs_changed = !same(came, present);
        apply(&mut merged, name, change, is_theirs_changed);
        if is_theirs_changed && is_overwritten(present, change) {
            overwritten.push(name.clone());
        }
    }
    match &changes.life {
        Life::Kept => {}
        Life::Set(number) => merged.set_entry(LIFE, Some(number)),
        Life::Removed => merged.set_entry(LIFE, None),
    }
    let payload = merged.write();
    if payload.len() > limit {
        return Err(Unmerged::TooLarge {
            size: payload.len(),
            largest: merged.largest(),
        });
    }
    Ok(Merged {
        payload,
        overwritten,
    })
}

fn apply<'a>(merged: &mut Members<'a>, name: &str, change: &'a Change, is_theirs_changed: bool) {
    match change {
        Change::Put(value, deadline) => merged.set(name, value, deadline.as_deref()),
        Change::Del => merged.remove(name),
        Change::Shown if !is_theirs_changed => merged.remove(name),
        Change::Aged(deadline) if !is_theirs_changed => merged.set_deadline(name, deadline),
        Change::Shown | Change::Aged(_) => {}
    }
}

fn same(a: Option<&Member<'_>>, b: Option<&Member<'_>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.holds_same(b),
        (None, None) => true,
        _ => false,
    }
}

fn is_overwritten(theirs: Option<&Member<'_>>, change: &Change) -> bool {
    match change {
        Change::Put(value, _) => theirs.is_none_or(|theirs| theirs.value != value),
        Change::Del => theirs.is_some(),
        Change::Shown | Change::Aged(_) => false,
    }
}

/// The value's JSON text under the first of these names that the payload has.
pub(crate) fn value_of<'n>(
    payload: &[u8],
    names: impl IntoIterator<Item = &'n str>,
) -> Result<Option<String>, NoPayload> {
    let members = Members::parse(payload)?;
    let mut found = names.into_iter().filter_map(|name| members.get(name));
    Ok(found.next().map(|member| member.value.into()))
}

#[cfg(test)]
mod tests;
