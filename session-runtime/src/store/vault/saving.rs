//! The save loop: write, and on a conflict merge and write again.

use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::{Instant, sleep};

use super::trip::Written;
use super::write::Write;
use super::{Base, Vault};
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::random::fill_random;
use crate::store::merge::{Changes, Unmerged, merge};
use crate::store::{Row, Saved, StoreError, log};
use crate::time::seconds;

/// How long a save may take with its conflicts.
const BOUND: Duration = Duration::from_secs(5);
/// The longest pause after a conflict, in milliseconds.
const MAX_PAUSE: u64 = 100;

/// Which row is written.
#[derive(Clone, Copy)]
pub(crate) enum Way<'a> {
    /// That of a new session.
    Create(NewId),
    /// That of the session as it is.
    Save(&'a Base),
    /// The session's, under a new id.
    Renew(&'a Base, NewId),
}

/// What a new or renewed session begins with.
#[derive(Clone, Copy)]
pub(crate) struct NewId {
    pub(crate) sid: SessionId,
    pub(crate) born: SystemTime,
    pub(crate) expires_at: SystemTime,
}

/// Times of the request, by the application's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// When the service was called.
    pub(crate) begin: SystemTime,
    pub(crate) now: SystemTime,
    /// When the session ends, where a save moves its end.
    pub(crate) expires_at: Option<SystemTime>,
}

/// What this request holds.
#[derive(Clone, Copy)]
pub(crate) struct Ours<'a> {
    /// The payload's text.
    pub(crate) text: &'a [u8],
    /// Names of the flashes that it showed.
    pub(crate) shown: &'a [String],
    /// The label, where this request set one.
    pub(crate) label: Option<&'a str>,
}

/// What the next attempt writes.
#[derive(Clone)]
pub(crate) struct Draft {
    /// The payload's text.
    pub(crate) text: Vec<u8>,
    /// The label, where this request set one.
    pub(crate) label: Option<String>,
    /// Keys that others changed too.
    pub(crate) overwritten: Vec<String>,
}

/// What became of a write.
#[derive(Debug)]
pub(crate) enum Committed {
    /// It is in the store: what follows in this request is made of this.
    Done(Box<Base>),
    /// There was nothing to write.
    Unneeded,
    /// The session ended meanwhile.
    Gone,
}

impl Way<'_> {
    pub(crate) fn base(&self) -> Option<&Base> {
        match self {
            Self::Create(_) => None,
            Self::Save(base) | Self::Renew(base, _) => Some(base),
        }
    }

    pub(super) fn new_id(&self) -> Option<&NewId> {
        match self {
            Self::Save(_) => None,
            Self::Create(new) | Self::Renew(_, new) => Some(new),
        }
    }
}

impl Ours<'_> {
    /// What this request made of `base`, on top of what is there; of these keys alone, or of all.
    pub(crate) fn on(
        &self,
        base: Option<&Base>,
        present: Option<&Base>,
        only: Option<&[&str]>,
        rules: &Rules,
    ) -> Result<Draft> {
        let label = self.label.map(str::to_owned);
        let version = |base: &Base| base.version();
        let is_alone = only.is_none() && base.map(version) == present.map(version);
        let limit = rules.limit.max(base.map_or(0, |base| base.text.len()));
        if is_alone && self.text.len() <= limit {
            return Ok(Draft {
                text: self.text.to_vec(),
                label,
                overwritten: Vec::new(),
            });
        }
        let text = |base: Option<&Base>| base.map_or(&[][..], Base::text).to_vec();
        let (base, theirs) = (text(base), text(present));
        let merged = Changes::between(&base, self.text, self.shown, seconds(rules.now))
            .map_err(Unmerged::from)
            .and_then(|changes| {
                let changes = only.map_or(changes.clone(), |names| changes.of_keys(names));
                merge(&base, &theirs, &changes, rules.limit)
            });
        let merged = merged.map_err(|unmerged| refusal(unmerged, rules.limit))?;
        Ok(Draft {
            text: merged.payload,
            label: label.filter(|_| only.is_none()),
            overwritten: merged.overwritten,
        })
    }
}

/// What a merge is held to.
pub(crate) struct Rules {
    pub(crate) now: SystemTime,
    /// Bytes of the payload.
    pub(crate) limit: usize,
}

fn refusal(unmerged: Unmerged, limit: usize) -> Error {
    match unmerged {
        Unmerged::NoPayload => Error::Unavailable,
        Unmerged::TooLarge { size, largest } => Error::TooLarge {
            key: largest
                .first()
                .map(|(name, _)| name.clone())
                .unwrap_or_default(),
            size,
            limit,
            largest,
        },
    }
}

impl Vault {
    /// What a merge in this layer is held to.
    pub(crate) fn rules(&self, now: SystemTime) -> Rules {
        Rules {
            now,
            limit: 2 * self.max_record,
        }
    }

    /// Writes what this request holds, merged with what others wrote meanwhile.
    pub(crate) async fn save(
        self: &Arc<Self>,
        way: Way<'_>,
        ours: Ours<'_>,
        times: Times,
    ) -> Result<Committed> {
        let rules = self.rules(times.now);
        self.commit(way, times, |present| {
            ours.on(way.base(), present, None, &rules).map(Some)
        })
        .await
    }

    /// Writes what `next` makes of what is there: at first of what was loaded, and after a conflict once more. Where it
    /// makes nothing, nothing is written.
    pub(crate) async fn commit(
        self: &Arc<Self>,
        way: Way<'_>,
        times: Times,
        mut next: impl FnMut(Option<&Base>) -> Result<Option<Draft>>,
    ) -> Result<Committed> {
        let until = Instant::now() + BOUND;
        let mut present = way.base().cloned();
        let mut earlier = None;
        let mut round = 0;
        loop {
            let Some(draft) = next(present.as_ref())? else {
                return Ok(Committed::Unneeded);
            };
            let write = self.plan(way, present.as_ref(), earlier, &draft, times)?;
            let version = write.row().version;
            let theirs = match self.attempt(&write, until).await? {
                Saved::Done => {
                    let base = self.done(way, present, write, draft);
                    return Ok(Committed::Done(Box::new(base)));
                }
                Saved::Gone => {
                    self.counts.gone.one();
                    return Ok(Committed::Gone);
                }
                Saved::Refused => return Err(self.refused()),
                Saved::Conflict(row) => row,
            };
            present = Some(self.open_theirs(&write, present, theirs)?);
            earlier = Some(version);
            self.counts.conflicts.one();
            self.wait(&write, &mut round, until).await?;
        }
    }

    /// One write with its repetition.
    async fn attempt(self: &Arc<Self>, write: &Write, until: Instant) -> Result<Saved> {
        match self.write(until, || write.send(&*self.store)).await {
            Ok(Written {
                answer: Saved::Conflict(_),
                was_repeated: true,
            }) => {
                let error = StoreError::in_doubt("the row moved on before the write was repeated");
                Err(self.given_up(write, &error))
            }
            Ok(written) => Ok(written.answer),
            Err(error) => Err(self.given_up(write, &error)),
        }
    }

    fn open_theirs(
        self: &Arc<Self>,
        write: &Write,
        present: Option<Base>,
        row: Row,
    ) -> Result<Base> {
        let opened = match present {
            Some(base) => Base::open(base.sid, base.id, row),
            None => Err(StoreError::corrupt("a conflict where there was no row")),
        };
        opened.map_err(|error| self.given_up(write, &error))
    }

    fn done(&self, way: Way<'_>, present: Option<Base>, write: Write, draft: Draft) -> Base {
        self.counts.writes.one();
        if !draft.overwritten.is_empty() {
            self.counts.overwritten.add(draft.overwritten.len());
            log::overwritten(&self.cookie, draft.overwritten.len());
        }
        let (sid, id) = self.place(way);
        let stays = matches!(&write, Write::Save(save) if !save.moves_end);
        let mut row = write.into_row();
        row.payload.clear();
        if let Some(present) = present.filter(|_| stays) {
            row.expires_at = present.row.expires_at;
        }
        Base {
            sid,
            id,
            row,
            text: draft.text,
            is_retired: false,
        }
    }

    fn refused(&self) -> Error {
        self.counts.refused.one();
        log::refused(&self.cookie);
        Error::Unavailable
    }

    /// A row under a new id that nobody will have a cookie for is ended, as far as that can be done.
    fn given_up(self: &Arc<Self>, write: &Write, error: &StoreError) -> Error {
        let may_be_there = match write {
            Write::Create(_) => matches!(error, StoreError::InDoubt(_)),
            Write::Replace(_) => true,
            Write::Save(_) => false,
        };
        if may_be_there {
            self.end_later(*write.id());
        }
        self.failed(error)
    }

    /// The pause after a conflict.
    async fn wait(self: &Arc<Self>, write: &Write, round: &mut u64, until: Instant) -> Result<()> {
        *round += 1;
        let pause = pause(*round)?;
        if Instant::now() + pause >= until {
            let error =
                StoreError::unavailable("the session changed under every attempt to save it");
            return Err(self.given_up(write, &error));
        }
        sleep(pause).await;
        Ok(())
    }
}

/// Of a random length, so that those that met do not meet again.
fn pause(round: u64) -> Result<Duration> {
    let mut random = [0];
    fill_random(&mut random)?;
    let longest = MAX_PAUSE.min(4 * round);
    Ok(Duration::from_micros(
        1 + longest * 1_000 * u64::from(random[0]) / 256,
    ))
}
