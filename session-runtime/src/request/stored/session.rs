//! What a session says of its row: under which ids it is there, and what is to be written of it.

use crate::error::Result;
use crate::id::SessionId;
use crate::record::Stamp;
use crate::request::Outcome;
use crate::request::loaded::{Fate, Loaded};
use crate::request::row::Snapshot;
use crate::request::shared::{Shared, Stored};
use crate::store::{NewId, Times};
use crate::time::time;

impl Loaded {
    /// Whether the session goes under an id that is not in the store yet.
    pub(super) fn has_new_id(&self) -> bool {
        !matches!(self.fate, Fate::Active) || self.row.base.is_none()
    }

    /// Whether its cookie lives for another time than the one that the browser has.
    pub(super) fn is_lifetime_changed(&self, stored: &Stored) -> bool {
        let is_there = self.row.base.is_some();
        is_there
            && (self.record.lifetime() != self.row.lifetime
                || stored.longest(&self.record) != self.row.longest)
    }

    /// What is to be written now; `moves_end` where the row's end moves too.
    pub(super) fn snapshot(
        &mut self,
        shared: &Shared,
        stored: &Stored,
        (begin, now): (u64, u64),
        moves_end: bool,
    ) -> Snapshot {
        self.record.stamp.longest = stored.longest(&self.record);
        let expires_at = time(shared.codec.expires_at(&self.record, now));
        let is_restart = matches!(self.fate, Fate::Restarted);
        let new = self.has_new_id().then(|| NewId {
            sid: self.record.stamp.sid,
            born: self.record.born(),
            expires_at,
        });
        Snapshot {
            text: self.record.text(now),
            shown: self.record.shown(),
            label: self.row.label.clone(),
            base: self.row.base.clone().filter(|_| !is_restart),
            new,
            times: Times {
                begin: time(begin),
                now: time(now),
                expires_at: moves_end.then_some(expires_at),
            },
            now,
            stamp: self.record.stamp,
            outcome: match self.fate {
                Fate::Restarted => Outcome::Restarted,
                _ if self.origin.is_none() => Outcome::New,
                _ => Outcome::Changed,
            },
        }
    }

    /// Calls the session so in lists.
    pub(crate) fn set_label(&mut self, label: String) -> Result<()> {
        self.check_not_destroyed()?;
        self.check_takes_changes(false)?;
        self.row.label = Some(label);
        self.keep = true;
        Ok(())
    }

    /// The ids under which the session came and goes.
    pub(crate) fn all_ids(&self) -> Vec<SessionId> {
        let mut ids = self.ids();
        ids.push(self.record.stamp.sid);
        ids.dedup();
        ids
    }

    /// As [`Loaded::all_ids`], which stay when the owner's other sessions are ended.
    pub(crate) fn spared_ids(&mut self) -> Vec<SessionId> {
        self.row.spared = Some(self.record.stamp.sid);
        self.all_ids()
    }

    /// As [`Loaded::all_ids`] of a session in a cookie, with the one that a renewal will give, by which a feed spares
    /// it.
    pub(crate) fn spare(&mut self, shared: &Shared, next: SessionId) -> Result<Vec<SessionId>> {
        if !self.record.stamp.has_id {
            self.keep_id(shared)?;
        }
        self.row.next.get_or_insert(next);
        let mut ids = self.all_ids();
        ids.extend(self.row.next);
        Ok(ids)
    }

    /// The stamp that a renewal gives: `new`, but for a session that was spared and that a sign-out everywhere else
    /// knows by an id of its own. To a feed that is the id that was set apart for the renewal. To a store it is the id
    /// that was named, where it has no row of the session: nobody has that id but this request, so it stays.
    pub(crate) fn unless_spared(&self, new: Stamp) -> Stamp {
        if let Some(next) = self.row.next {
            return Stamp {
                sid: next,
                id: next,
                ..new
            };
        }
        let present = self.record.stamp;
        let is_there = self.row.base.is_some() && !matches!(self.fate, Fate::Restarted);
        if is_there || self.row.spared != Some(present.sid) {
            return new;
        }
        Stamp {
            sid: present.sid,
            id: present.id,
            ..new
        }
    }

    /// The ids under which the session may be in the store.
    pub(super) fn ids(&self) -> Vec<SessionId> {
        let base = self.row.base.as_ref().map(|base| base.sid);
        let came = self.origin.or(self.row.sid);
        let attempt = self.row.attempt.as_ref().map(|sent| sent.stamp.sid);
        let attempt = attempt.filter(|sid| self.is_destroyed() || *sid != self.record.stamp.sid);
        let mut ids: Vec<SessionId> = came.into_iter().chain(base).chain(attempt).collect();
        ids.dedup();
        ids
    }

    /// Whether the session that came ends, or was to end.
    pub(super) fn ends_former(&self) -> bool {
        matches!(self.fate, Fate::Destroyed | Fate::Restarted)
    }

    /// Whether it can only be this request's own doing that the id is taken or gone: nobody else knows the id, and a
    /// call before was dropped or given up while the store made the row.
    pub(super) fn is_own_doing(&self) -> bool {
        let is_creation = self.row.base.is_none() || matches!(self.fate, Fate::Restarted);
        is_creation || self.row.is_in_doubt
    }

    /// Whether all that happened is that flashes were shown.
    pub(super) fn is_only_shown(&self) -> bool {
        let is_active = matches!(self.fate, Fate::Active);
        is_active && !self.keep && self.row.label.is_none() && self.record.is_only_shown()
    }
}
