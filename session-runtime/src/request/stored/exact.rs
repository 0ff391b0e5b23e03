//! Calls that commit before they answer: exact across requests and servers.

use core::future::poll_fn;
use std::sync::Arc;

use super::load::load;
use crate::error::{Error, Result};
use crate::key::KeyInfo;
use crate::record::Record;
use crate::request::current::Enter;
use crate::request::entry::{Entry, State};
use crate::request::loaded::{Fate, Loaded};
use crate::request::loading::Source;
use crate::request::row::Snapshot;
use crate::request::shared::Stored;
use crate::store::{Committed, Contents};

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
            let mut loading = load(&self.shared, stored, cookies);
            // A hook that asks for the current session gets the one of the layer around, as in `Entry::ask`.
            let mut outer = self.outer.clone();
            let answer = poll_fn(|cx| {
                let _around = Enter::new(&mut outer);
                loading.as_mut().poll(cx)
            });
            self.loaded(answer.await);
        }
        match &*self.lock() {
            State::Unloaded(Source::Awaited(None)) | State::Unavailable => Err(Error::Unavailable),
            State::Unloaded(_) | State::Loaded(_) => Ok(()),
            State::Conflict => Err(Error::LayerConflict {
                cookie: self.name().to_owned(),
            }),
            State::Ended => Err(Error::RequestEnded),
        }
    }

    /// Commits all that is pending, where something is.
    pub(crate) async fn save(&self) -> Result<()> {
        let stored = self.shared.stored()?;
        let _one = self.exact.lock().await;
        let (is_destroyed, is_changed) =
            self.with(|_, loaded| Ok((loaded.is_destroyed(), loaded.change().is_some())))?;
        if is_destroyed {
            return self.end_former(stored).await;
        }
        if !is_changed {
            return Ok(());
        }
        let change = |_: &mut Record| Ok(Step::Write(()));
        self.commit_alone(stored, None, change).await
    }

    /// Commits what `change` makes of the session that is in the store, with what this request has pending: of these
    /// keys, or of all. `change` is called again on each conflict. Where it says that nothing is to be written, nothing
    /// is.
    pub(crate) async fn commit<R>(
        &self,
        names: Names<'_>,
        change: impl FnMut(&mut Record) -> Result<Step<R>>,
    ) -> Result<R> {
        let stored = self.shared.stored()?;
        let _one = self.exact.lock().await;
        self.commit_alone(stored, names, change).await
    }

    /// While no other call commits.
    async fn commit_alone<R>(
        &self,
        stored: &Stored,
        names: Names<'_>,
        mut change: impl FnMut(&mut Record) -> Result<Step<R>>,
    ) -> Result<R> {
        self.reclaim(stored).await?;
        let mut result = self.try_commit(stored, names, &mut change).await?;
        if result.is_none() && self.reclaim(stored).await? {
            result = self.try_commit(stored, names, &mut change).await?;
        }
        if let Some(result) = result {
            return Ok(result);
        }
        let is_own_doing = self.with(|_, loaded| Ok(loaded.is_own_doing()))?;
        Err(if is_own_doing {
            Error::Unavailable
        } else {
            Error::Gone
        })
    }

    /// None where the session is gone.
    async fn try_commit<R>(
        &self,
        stored: &Stored,
        names: Names<'_>,
        change: &mut impl FnMut(&mut Record) -> Result<Step<R>>,
    ) -> Result<Option<R>> {
        let prepared = self.prepare(stored, names)?;
        self.end_former(stored).await?;
        let (sent, only) = (&prepared.sent, prepared.only);
        let rules = stored.vault.rules(sent.times.now);
        let way = sent.way();
        let mut result = None;
        let committed = stored.vault.commit(way, sent.times, |present| {
            let contents = sent.ours().on(way.base(), present, only, &rules)?;
            let (value, contents) =
                prepared.with_change(contents, change, stored.vault.max_record())?;
            result = Some(value);
            Ok(contents)
        });
        let committed = committed.await;
        let is_in_doubt = matches!(committed, Err(Error::Unavailable));
        let base = match committed {
            Ok(Committed::Done(base)) => base,
            Ok(Committed::Unneeded) => {
                self.give_up(prepared.earlier, false);
                return Ok(result);
            }
            Ok(Committed::Gone) => {
                self.give_up(prepared.earlier, false);
                return Ok(None);
            }
            Err(error) => {
                self.give_up(None, is_in_doubt);
                return Err(error);
            }
        };
        match self.with(|shared, loaded| loaded.rebase(shared, stored, (sent, only), base)) {
            // It is in the store, and the browser has its id.
            Err(Error::RequestEnded) if sent.new.is_none() => {}
            rebased => rebased?,
        }
        Ok(result)
    }

    /// The attempt came to nothing; that of a call before is as open as it was.
    fn give_up(&self, earlier: Option<Arc<Snapshot>>, is_in_doubt: bool) {
        // Where the request has ended, its response head saw the attempt.
        let _noted = self.with(|shared, Loaded { record, row, .. }| {
            let sent = core::mem::replace(&mut row.attempt, earlier);
            let is_current = |sent: &Arc<Snapshot>| sent.stamp.sid == record.stamp.sid;
            if is_in_doubt && sent.as_ref().is_some_and(is_current) {
                row.is_in_doubt = true;
                // What may be there under the id is ended by the vault.
                let fresh = shared.new_stamp(record.stamp.born)?;
                (record.stamp.sid, record.stamp.id) = (fresh.sid, fresh.id);
            }
            Ok(())
        });
    }

    /// What is sent, noted where it goes under an id of which nothing is known but here.
    fn prepare<'a>(&self, stored: &Stored, names: Names<'a>) -> Result<Prepared<'a>> {
        let now = self.shared.codec.now();
        let times = (self.begin, now);
        self.with(|shared, loaded| {
            loaded.check_not_destroyed()?;
            if loaded.row.is_barred && matches!(loaded.fate, Fate::Active) {
                return Err(Error::Gone);
            }
            let only = names.filter(|_| !loaded.has_new_id());
            let moves_end = only.is_none() && loaded.is_lifetime_changed(stored);
            let sent = Arc::new(loaded.snapshot(shared, stored, times, moves_end));
            let earlier = loaded.row.attempt.take();
            loaded.row.attempt = sent.new.map(|_| Arc::clone(&sent));
            Ok(Prepared {
                sent,
                only,
                earlier,
                empty: Record::empty(loaded.record().stamp, now),
            })
        })
    }

    /// Goes on from the row that a call before made, where that was dropped before its answer; whether there is one.
    async fn reclaim(&self, stored: &Stored) -> Result<bool> {
        let Some(sent) = self.with(|_, loaded| Ok(loaded.row.attempt.clone()))? else {
            return Ok(false);
        };
        let Some(base) = stored.find(&self.shared, &sent).await? else {
            return Ok(false);
        };
        self.with(|shared, loaded| loaded.rebase(shared, stored, (&sent, None), base))?;
        Ok(true)
    }

    /// Ends the session that a restart or a destroy leaves behind.
    async fn end_former(&self, stored: &Stored) -> Result<()> {
        let former = self.with(|_, loaded| {
            let ends = loaded.ends_former();
            Ok(if ends { loaded.ids() } else { Vec::new() })
        })?;
        stored.end(former).await
    }
}

/// One attempt of a call that commits.
struct Prepared<'a> {
    sent: Arc<Snapshot>,
    only: Names<'a>,
    /// The attempt of a call before.
    earlier: Option<Arc<Snapshot>>,
    /// For what is there: no key, and the stamp of the session.
    empty: Record,
}

impl Prepared<'_> {
    /// What `change` answers, and the contents with what it did, where that is to be written.
    fn with_change<R>(
        &self,
        contents: Contents,
        change: &mut impl FnMut(&mut Record) -> Result<Step<R>>,
        limit: usize,
    ) -> Result<(R, Option<Contents>)> {
        let was = contents.text.len();
        let record = self.empty.rebased(contents.text);
        let mut record = record.map_err(|_| Error::Unavailable)?;
        let value = match change(&mut record)? {
            Step::Write(value) => value,
            Step::Leave(value) => return Ok((value, None)),
        };
        let text = record.text(self.sent.now);
        check_room(&record, text.len(), was, limit)?;
        let contents = Contents { text, ..contents };
        Ok((value, Some(contents)))
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

/// The names under which a key's value may be.
pub(crate) fn names<'a>(name: &'a str, info: Option<&KeyInfo>) -> Vec<&'a str>
where
    'static: 'a,
{
    let aliases = info.map_or(&[][..], KeyInfo::aliases);
    [name].into_iter().chain(aliases.iter().copied()).collect()
}
