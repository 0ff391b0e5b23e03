//! Calls that commit before they answer: exact across requests and servers.

use super::Stored;
use super::saving::Snapshot;
use crate::error::{Error, Result};
use crate::key::KeyInfo;
use crate::record::Record;
use crate::request::entry::{Entry, State};
use crate::request::loaded::{Fate, Loaded};
use crate::request::loading::Source;
use crate::store::{Base, Changes, Committed, Draft, merge};

/// Keys that are committed alone, where nothing else must go with them.
pub(crate) type Names<'a> = Option<&'a [&'a str]>;

impl Entry {
    /// Whether that is left to the handler.
    #[cfg(feature = "axum")]
    pub(crate) fn must_load(&self) -> bool {
        let is_stored = self.shared.stored.is_some();
        is_stored && matches!(&*self.lock(), State::Unloaded(Source::Cookies(_)))
    }

    /// Loads the session, where that is left to the handler.
    pub(crate) async fn load(&self) -> Result<()> {
        let Some(stored) = &self.shared.stored else {
            return Ok(());
        };
        let _one = self.exact.lock().await;
        let source = match &*self.lock() {
            State::Unloaded(source @ Source::Cookies(_)) => source.clone(),
            _ => return Ok(()),
        };
        if let Source::Cookies(cookies) = &source {
            let answer = stored.load(&self.shared, cookies).await;
            self.loaded(answer);
        }
        Ok(())
    }

    /// Commits what `change` makes of the session that is in the store: of these keys alone, on top of this request's
    /// pending values of them, or of all that is pending. `change` is called again on each conflict; where it answers
    /// that nothing is to be written, nothing is.
    pub(crate) async fn commit<R>(
        &self,
        names: Names<'_>,
        mut change: impl FnMut(&mut Record) -> Result<Step<R>>,
    ) -> Result<R> {
        let stored = self.shared.stored()?;
        let _one = self.exact.lock().await;
        let now = self.shared.codec.now();
        let times = (self.begin, now);
        let (snapshot, empty) = self.with(|shared, loaded| {
            loaded.check_not_destroyed()?;
            if loaded.row.is_barred && matches!(loaded.fate, Fate::Active) {
                return Err(Error::Gone);
            }
            let moves_end = loaded.is_lifetime_changed();
            let snapshot = loaded.snapshot(shared, stored, times, moves_end);
            Ok((snapshot, Record::empty(loaded.record().stamp, now)))
        })?;
        self.end_former(stored).await?;
        let only = names.filter(|_| snapshot.new.is_none());
        let rules = stored.vault.rules(snapshot.times.now);
        let way = snapshot
            .way()
            .expect("a session without a row has a new id");
        let mut result = None;
        let committed = stored.vault.commit(way, snapshot.times, |present| {
            let draft = snapshot.ours().on(way.base(), present, only, &rules)?;
            let was = draft.text.len();
            let mut record = empty.rebased(draft.text).map_err(|_| Error::Unavailable)?;
            let (value, writes) = match change(&mut record)? {
                Step::Write(value) => (value, true),
                Step::Leave(value) => (value, false),
            };
            result = Some(value);
            if !writes {
                return Ok(None);
            }
            let text = record.text();
            check_room(&record, text.len(), was, stored.vault.max_record())?;
            Ok(Some(Draft {
                text,
                label: draft.label,
                overwritten: draft.overwritten,
            }))
        });
        match committed.await? {
            Committed::Done(base) => {
                self.with(|_, loaded| loaded.rebase(&snapshot, base, only, rules.limit))?;
            }
            Committed::Unneeded => {}
            Committed::Gone => return Err(Error::Gone),
        }
        result.ok_or(Error::Unavailable)
    }

    /// Ends the session that a restart leaves behind, before the new one is written.
    async fn end_former(&self, stored: &Stored) -> Result<()> {
        let former = self.with(|_, loaded| {
            let is_restart = matches!(loaded.fate, Fate::Restarted);
            Ok(if is_restart { loaded.ids() } else { Vec::new() })
        })?;
        for id in former {
            stored.vault.destroy(stored.vault.id(&id)).await?;
        }
        Ok(())
    }
}

/// A session that others made larger than one may be can still be made smaller.
fn check_room(record: &Record, size: usize, was: usize, limit: usize) -> Result<()> {
    if size <= limit.max(was) {
        return Ok(());
    }
    let largest = record.largest();
    Err(Error::TooLarge {
        key: largest
            .first()
            .map(|(key, _)| key.clone())
            .unwrap_or_default(),
        size,
        limit,
        largest,
    })
}

/// What a change came to.
pub(crate) enum Step<R> {
    Write(R),
    Leave(R),
}

impl Loaded {
    /// Goes on from what is in the store now, with what was changed meanwhile.
    fn rebase(
        &mut self,
        sent: &Snapshot,
        committed: Box<Base>,
        only: Names<'_>,
        limit: usize,
    ) -> Result<()> {
        let text = self.record.text();
        let (old, without) = match only {
            None => (sent.text.as_slice(), &[][..]),
            Some(names) => (
                sent.base.as_ref().map_or(&[][..], |base| base.text()),
                names,
            ),
        };
        let now = self.record.opened_at();
        let changes = Changes::between(old, &text, &sent.shown, now);
        let changes = changes
            .map_err(|_| Error::Unavailable)?
            .without_keys(without);
        let merged = merge(old, committed.text(), &changes, limit);
        let merged = merged.map_err(|_| Error::Unavailable)?;
        let rebased = self.record.rebased(merged.payload);
        self.record = rebased.map_err(|_| Error::Unavailable)?;
        self.keep = !changes.is_empty();
        self.row.owes_cookie |= sent.new.is_some() || self.is_lifetime_changed();
        self.row.lifetime = self.record.lifetime();
        self.row.label = None;
        self.row.is_barred = false;
        self.row.base = Some(committed);
        self.fate = Fate::Active;
        Ok(())
    }
}

/// The names under which a key's value may be.
pub(crate) fn names<'a>(name: &'a str, info: Option<&KeyInfo>) -> Vec<&'a str>
where
    'static: 'a,
{
    let aliases = info.map_or(&[][..], KeyInfo::aliases);
    [name].into_iter().chain(aliases.iter().copied()).collect()
}
