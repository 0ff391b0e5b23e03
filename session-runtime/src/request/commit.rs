//! What becomes of a touched session at the response head.

use super::loaded::{Fate, Loaded};
use super::outcome::Outcome;
use super::shared::{Seen, Shared};
use crate::codec::SetCookies;
use crate::error::Error;
use crate::limits::MAX_COOKIE;
use crate::log;

/// What the response says of our cookies, and why.
pub(super) struct Decision {
    pub(super) set_cookies: Option<SetCookies>,
    pub(super) outcome: Outcome,
}

impl Decision {
    fn nothing(outcome: Outcome) -> Self {
        Self {
            set_cookies: None,
            outcome,
        }
    }
}

impl Loaded {
    /// Ends the request; `skipped` says why changes are dropped, where they are.
    pub(super) fn commit(&self, shared: &Shared, seen: Seen, skipped: Option<Outcome>) -> Decision {
        if self.is_destroyed() || matches!(self.fate, Fate::Restarted) && skipped.is_some() {
            return Decision {
                set_cookies: self.came.any().then(|| shared.codec.remove(self.came)),
                outcome: Outcome::Destroyed,
            };
        }
        let change = self.change();
        let Some(outcome) = change.or_else(|| self.reissue(shared)) else {
            let mends = skipped.is_none() && shared.codec.mends(self.came);
            return Decision {
                set_cookies: mends.then(|| shared.codec.mend(self.came)),
                outcome: Outcome::Unchanged,
            };
        };
        if let Some(skipped) = skipped {
            self.rollback(shared);
            return Decision::nothing(if change.is_some() {
                skipped
            } else {
                Outcome::Unchanged
            });
        }
        self.save(shared, seen, change.is_some(), outcome)
    }

    fn save(&self, shared: &Shared, seen: Seen, is_changed: bool, outcome: Outcome) -> Decision {
        let codec = &shared.codec;
        let now = codec.now();
        if self.is_superseded(shared, seen, is_changed, now) {
            return Decision::nothing(Outcome::Superseded);
        }
        // Every put was held to the limit. A session that came larger, since the limit was lowered or another format is
        // shorter, is sent where it changed, as long as browsers keep it. Where it was only read, it stays as it is.
        let limit = if is_changed {
            MAX_COOKIE
        } else {
            codec.max_size()
        };
        match codec.seal(&self.record, self.came, now, limit) {
            Ok(cookies) => {
                if is_changed {
                    let ids = self.origin.into_iter().chain([self.record.stamp.sid]);
                    ids.for_each(|id| shared.saves.note(id));
                }
                Decision {
                    set_cookies: Some(cookies),
                    outcome,
                }
            }
            Err(Error::TooLarge { .. }) if !is_changed => Decision::nothing(Outcome::Unchanged),
            Err(error) => {
                log::not_sealed(codec.name(), &error);
                Decision::nothing(Outcome::Unchanged)
            }
        }
    }

    /// The response never went out: a renewal that the client can't know of supersedes nobody.
    pub(super) fn rollback(&self, shared: &Shared) {
        if let (Fate::Renewed(Some(number)), Some(origin)) = (self.fate, self.origin) {
            shared.retired.withdraw(origin, number);
        }
    }

    /// What was changed, if anything.
    pub(super) fn change(&self) -> Option<Outcome> {
        if !self.keep && !self.record.is_changed() {
            return None;
        }
        Some(match self.fate {
            Fate::Restarted => Outcome::Restarted,
            _ if self.origin.is_none() => Outcome::New,
            _ => Outcome::Changed,
        })
    }

    /// Why the cookie is issued again though nothing changed: it was due when the session was touched, is of a retired
    /// key, or its place must be mended.
    pub(super) fn reissue(&self, shared: &Shared) -> Option<Outcome> {
        if self.is_new() {
            return None;
        }
        let stamp = &self.record.stamp;
        if stamp.outdated {
            return Some(Outcome::Rekeyed);
        }
        let is_due = stamp.ahead || self.record.opened_at() >= stamp.due_at;
        (is_due || shared.codec.mends(self.came)).then_some(Outcome::Refreshed)
    }

    /// Whether another request ended or renewed the session since this one began, or saved it where this one only read.
    fn is_superseded(&self, shared: &Shared, seen: Seen, is_changed: bool, now: u64) -> bool {
        let (Fate::Active, Some(origin)) = (self.fate, self.origin) else {
            return false;
        };
        shared.retired.is_retired_since(origin, seen.notes, now)
            || !is_changed && shared.saves.is_saved_since(origin, seen.saves)
    }
}
