//! Calls that commit before they answer: exact across requests and servers.

use core::future::poll_fn;

use super::saving::Snapshot;
use super::{Owed, Stored};
use crate::error::{Error, Result};
use crate::key::KeyInfo;
use crate::record::Record;
use crate::request::Outcome;
use crate::request::current::Enter;
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
            State::Unloaded(source @ Source::Cookies(_)) => Some(source.clone()),
            _ => None,
        };
        if let Some(Source::Cookies(cookies)) = &source {
            let mut loading = stored.load(&self.shared, cookies);
            // A hook that asks for the current session gets the one of the layer around, as in `Entry::ask`.
            let mut outer = self.outer.clone();
            let answer = poll_fn(|cx| {
                let _around = Enter::new(&mut outer);
                loading.as_mut().poll(cx)
            });
            self.loaded(answer.await);
        }
        match &*self.lock() {
            State::Unloaded(_) | State::Loaded(_) => Ok(()),
            State::Unavailable => Err(Error::Unavailable),
            State::Conflict => Err(Error::LayerConflict {
                cookie: self.name().to_owned(),
            }),
            State::Ended => Err(Error::RequestEnded),
        }
    }

    /// Commits all that is pending, where something is.
    pub(crate) async fn save(&self) -> Result<()> {
        let stored = self.shared.stored()?;
        let (is_destroyed, is_changed) =
            self.with(|_, loaded| Ok((loaded.is_destroyed(), loaded.change().is_some())))?;
        if is_destroyed {
            return self.end_former(stored).await;
        }
        if !is_changed {
            return Ok(());
        }
        self.commit(None, |_| Ok(Step::Write(()))).await
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
        let (snapshot, only, empty) = self.with(|shared, loaded| {
            loaded.check_not_destroyed()?;
            if loaded.row.is_barred && matches!(loaded.fate, Fate::Active) {
                return Err(Error::Gone);
            }
            let only = names.filter(|_| !loaded.has_new_id());
            let moves_end = only.is_none() && loaded.is_lifetime_changed(stored);
            let snapshot = loaded.snapshot(shared, stored, times, moves_end);
            Ok((snapshot, only, Record::empty(loaded.record().stamp, now)))
        })?;
        self.end_former(stored).await?;
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
                let sent = (&snapshot, only);
                let rebased =
                    self.with(|_, loaded| loaded.rebase(sent, base, (stored, rules.limit)));
                match rebased {
                    // It is in the store, and the browser has its id.
                    Err(Error::RequestEnded) if snapshot.new.is_none() => {}
                    rebased => rebased?,
                }
            }
            Committed::Unneeded => {}
            // A call before this one was dropped, or given up, while the store made the row.
            Committed::Gone if snapshot.base.is_none() => return Err(Error::Unavailable),
            Committed::Gone => return Err(Error::Gone),
        }
        result.ok_or(Error::Unavailable)
    }

    /// Ends the session that a restart or a destroy leaves behind.
    async fn end_former(&self, stored: &Stored) -> Result<()> {
        let former = self.with(|_, loaded| {
            let ends = loaded.ends_former();
            Ok(if ends { loaded.ids() } else { Vec::new() })
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
        (sent, only): (&Snapshot, Names<'_>),
        committed: Box<Base>,
        (stored, limit): (&Stored, usize),
    ) -> Result<()> {
        let is_same_id = self.record.stamp.sid == sent.stamp.sid;
        let is_restarted = matches!(self.fate, Fate::Restarted) && !is_same_id;
        if self.is_destroyed() || is_restarted {
            // It was ended meanwhile, which the response head does.
            self.row.base = Some(committed);
            return Ok(());
        }
        let there = self.record.rebased(committed.text().to_vec());
        let there = there.map_err(|_| Error::Unavailable)?;
        let (record, is_changed) = self.on_top_of(sent, &committed, (only, limit))?;
        self.record = record;
        if only.is_none() && self.row.label == sent.label {
            self.row.label = None;
        }
        self.keep = is_changed || self.row.label.is_some() || !is_same_id;
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
        Ok(())
    }

    fn owe(&mut self, sent: &Snapshot) {
        let before = self.row.owed.map(|owed| owed.outcome);
        let before = before.filter(|_| !matches!(sent.outcome, Outcome::Restarted));
        self.row.owed = Some(Owed {
            stamp: sent.stamp,
            outcome: before.unwrap_or(sent.outcome),
        });
    }

    /// What is still pending on top of what is in the store now, and whether something is.
    fn on_top_of(
        &self,
        sent: &Snapshot,
        committed: &Base,
        (only, limit): (Names<'_>, usize),
    ) -> Result<(Record, bool)> {
        let (text, shown) = (self.record.text(), self.record.shown());
        let now = self.record.opened_at();
        let between = |old: &[u8]| Changes::between(old, &text, &shown, now);
        let since = between(&sent.text).map_err(|_| Error::Unavailable)?;
        let on = |old: &[u8], theirs: &[u8], changes: &Changes| {
            let merged = merge(old, theirs, changes, limit).map_err(|_| Error::Unavailable);
            merged.map(|merged| (merged.payload, !changes.is_empty()))
        };
        let (payload, is_changed) = match only {
            None => on(&sent.text, committed.text(), &since)?,
            Some(names) => {
                let base = sent.base.as_ref().map_or(&[][..], |base| base.text());
                let others = between(base).map_err(|_| Error::Unavailable)?;
                let (payload, are_others) =
                    on(base, committed.text(), &others.without_keys(names))?;
                let (payload, is_later) = on(&sent.text, &payload, &since.of_keys(names))?;
                (payload, are_others || is_later)
            }
        };
        let record = self.record.rebased(payload);
        Ok((record.map_err(|_| Error::Unavailable)?, is_changed))
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
