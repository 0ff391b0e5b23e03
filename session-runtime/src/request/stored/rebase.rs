//! Going on from what was committed in the middle of a request.

use super::exact::Names;
use crate::error::{Error, Result};
use crate::record::Record;
use crate::request::Outcome;
use crate::request::loaded::{Fate, Loaded};
use crate::request::row::{Owed, Snapshot};
use crate::request::shared::{Shared, Stored};
use crate::store::{Base, Changes, merge};

impl Loaded {
    /// Goes on from what is in the store now, with what was changed since it was sent.
    pub(super) fn rebase(
        &mut self,
        shared: &Shared,
        stored: &Stored,
        (sent, only): (&Snapshot, Names<'_>),
        committed: Box<Base>,
    ) -> Result<()> {
        self.row.attempt = None;
        self.row.is_in_doubt = false;
        let is_same_id = self.record.stamp.sid == sent.stamp.sid;
        let is_restarted = matches!(self.fate, Fate::Restarted) && !is_same_id;
        if self.is_destroyed() || is_restarted {
            // It was ended meanwhile, which the response head does.
            self.row.base = Some(committed);
            return Ok(());
        }
        let there = self.record.rebased(committed.text().to_vec());
        let there = there.map_err(|_| Error::Unavailable)?;
        self.record = self.on_top_of(sent, &committed, only)?;
        if only.is_none() && self.row.label == sent.label {
            self.row.label = None;
        }
        self.keep = self.row.label.is_some() || !is_same_id;
        if sent.new.is_some() || sent.times.expires_at.is_some() {
            self.owe(sent);
        }
        self.row.lifetime = there.lifetime();
        self.row.longest = stored.longest(&there);
        self.row.is_barred = false;
        self.row.base = Some(committed);
        if is_same_id {
            self.fate = Fate::Active;
        }
        self.set_end(shared);
        Ok(())
    }

    fn owe(&mut self, sent: &Snapshot) {
        let is_restart = matches!(sent.outcome, Outcome::Restarted);
        let before = self.row.owed.map(|owed| owed.outcome);
        self.row.owed = Some(Owed {
            stamp: sent.stamp,
            outcome: before.filter(|_| !is_restart).unwrap_or(sent.outcome),
        });
        // The cookie that the browser has is that of another session, or of another lifetime.
        self.issued = None;
        if is_restart {
            self.row.sid = self.origin.take().or(self.row.sid);
        }
    }

    /// What is still pending on top of what is in the store now.
    fn on_top_of(&self, sent: &Snapshot, committed: &Base, only: Names<'_>) -> Result<Record> {
        let unmerged = |_| Error::Unavailable;
        let (text, shown) = (self.record.text(sent.now), self.record.shown());
        let between = |old: &[u8]| Changes::between(old, &text, &shown, sent.now);
        let since = between(&sent.text).map_err(|_| Error::Unavailable)?;
        // What is pending was held to its limit when it was put.
        let on = |old: &[u8], theirs: &[u8], changes: &Changes| {
            let merged = merge(old, theirs, changes, usize::MAX);
            merged.map(|merged| merged.payload).map_err(unmerged)
        };
        let (payload, pending) = match only {
            None => (on(&sent.text, committed.text(), &since)?, since.pending()),
            Some(names) => {
                let base = sent.base.as_ref().map_or(&[][..], |base| base.text());
                let others = between(base).map_err(|_| Error::Unavailable)?;
                let (others, later) = (others.without_keys(names), since.of_keys(names));
                let payload = on(base, committed.text(), &others)?;
                let payload = on(&sent.text, &payload, &later)?;
                (payload, others.pending().max(later.pending()))
            }
        };
        let record = self.record.rebased(payload);
        let mut record = record.map_err(|_| Error::Unavailable)?;
        record.note_pending(pending);
        Ok(record)
    }
}
