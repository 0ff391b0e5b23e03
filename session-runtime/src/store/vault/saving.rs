//! The save loop: write, and on a conflict merge and write again.

use core::time::Duration;
use std::sync::Arc;

use tokio::time::{Instant, sleep};

use super::contents::{Contents, Ours, Times, Way};
use super::trip::Written;
use super::write::Write;
use super::{Base, Vault};
use crate::error::{Error, Result};
use crate::random::fill_random;
use crate::store::{Row, Saved, StoreError, log};

/// How long a save may take with its conflicts.
const BOUND: Duration = Duration::from_secs(5);
/// The longest pause after a conflict, in milliseconds.
const MAX_PAUSE: u64 = 100;

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

impl Vault {
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
        mut next: impl FnMut(Option<&Base>) -> Result<Option<Contents>>,
    ) -> Result<Committed> {
        let until = Instant::now() + BOUND;
        let mut theirs = None;
        let mut earlier = None;
        let mut round = 0;
        loop {
            let present = theirs.as_ref().or(way.base());
            let Some(contents) = next(present)? else {
                return Ok(Committed::Unneeded);
            };
            let write = self.plan(way, present, earlier, &contents, times)?;
            let version = write.row().version;
            let row = match self.attempt(&write, until).await? {
                Saved::Done => {
                    let base = self.done(way, present, write, contents);
                    return Ok(Committed::Done(Box::new(base)));
                }
                Saved::Gone => {
                    self.counts.gone.one();
                    return Ok(Committed::Gone);
                }
                Saved::Refused => return Err(self.refused()),
                Saved::Conflict(row) => row,
            };
            theirs = Some(self.open_theirs(&write, present, row)?);
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
        present: Option<&Base>,
        row: Row,
    ) -> Result<Base> {
        let opened = match present {
            Some(base) => Base::open(base.sid, base.id, row),
            None => Err(StoreError::corrupt("a conflict where there was no row")),
        };
        opened.map_err(|error| self.given_up(write, &error))
    }

    fn done(&self, way: Way<'_>, present: Option<&Base>, write: Write, contents: Contents) -> Base {
        self.counts.writes.one();
        if !contents.overwritten.is_empty() {
            self.counts.overwritten.add(contents.overwritten.len());
            log::overwritten(&self.cookie, contents.overwritten.len());
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
            text: contents.text,
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
