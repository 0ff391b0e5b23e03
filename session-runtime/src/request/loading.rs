//! Which record a request begins with: the one in its cookie, unless it ended a moment ago or a hook refuses it.
//!
//! What must be awaited for the answer is awaited before the handler runs; all else waits for the first call of the
//! session.

use std::sync::Arc;

use super::answer::{Answer, Awaiting};
use super::loaded::Loaded;
use super::shared::Shared;
#[cfg(feature = "store")]
use super::stored;
use crate::codec::{Cookies, Opened};
use crate::error::{BoxError, Error, Reason, Refusal, Result};
use crate::log;
use crate::record::Record;
use crate::revocation::{Hook, Verdict};
#[cfg(feature = "store")]
use crate::store::Loading;

/// Where the answer comes from.
#[derive(Clone)]
pub(super) enum Source {
    /// The cookies, of which nothing was read yet.
    Cookies(Cookies),
    /// What was awaited before: that holds for the whole request.
    Awaited(Box<Answer>),
    /// It was awaited, and can't be known now.
    Failed,
}

/// The session as the request begins with it, and why what came was not used.
pub(super) struct Beginning {
    pub(super) loaded: Loaded,
    pub(super) refused: Option<Refusal>,
}

impl Source {
    pub(super) fn awaited(answer: Answer) -> Self {
        Self::Awaited(Box::new(answer))
    }

    /// No cookie, and nothing to wait for.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn nothing() -> Self {
        Self::awaited(Answer::from(Opened {
            came: crate::codec::Came::default(),
            record: Err(Reason::Missing.into()),
        }))
    }

    /// What must be awaited before the handler runs, where something must: what holds meanwhile, and the wait if there
    /// is something to wait for.
    pub(super) fn begin(&self, shared: &Arc<Shared>) -> Option<(Self, Option<Awaiting>)> {
        let Self::Cookies(cookies) = self else {
            return None;
        };
        #[cfg(feature = "store")]
        if let Some(of_layer) = &shared.stored {
            let wait = of_layer.loading == Loading::Eager;
            return wait.then(|| (self.clone(), Some(stored::load(shared, of_layer, cookies))));
        }
        let Some(Hook::Later(hook)) = shared.hook() else {
            return None;
        };
        let Opened { came, record } = read(shared, cookies, shared.codec.now());
        let answer = move |record| Answer::from(Opened { came, record });
        // What can't be read now stays so: later in the request it would go unjudged.
        let record = match record {
            Ok(record) => record,
            Err(refusal) => return Some((Self::awaited(answer(Err(refusal))), None)),
        };
        let (judging, shared) = (hook(&record), Arc::clone(shared));
        let judged = Box::pin(async move {
            let judged = judging.await;
            let told = judged.inspect_err(|error| not_judged(&shared, error));
            Some(answer(verdict(record, told.ok()?)))
        });
        let meanwhile = Self::awaited(answer(Err(Reason::Revoked.into())));
        Some((meanwhile, Some(judged)))
    }

    /// The answer. Runs the user's clock, and a hook that answers at once.
    pub(super) fn finish(&self, shared: &Shared) -> Result<Beginning> {
        let now = shared.codec.now();
        let answer = match self {
            #[cfg(feature = "store")]
            Self::Cookies(_) if shared.stored.is_some() => return Err(Error::NotLoaded),
            Self::Cookies(cookies) => judge(shared, read(shared, cookies, now))?.into(),
            Self::Failed => return Err(Error::Unavailable),
            Self::Awaited(answer) => {
                let mut answer = (**answer).clone();
                answer.opened = unless_ended(shared, answer.opened, now);
                answer
            }
        };
        let Opened { came, record } = answer.opened;
        let (loaded, refused) = match record {
            Ok(record) => (Loaded::of(came, record), None),
            Err(refusal) => {
                let record = Record::empty(shared.new_stamp(now)?, now);
                (Loaded::new(came, record), Some(refusal))
            }
        };
        #[cfg(feature = "store")]
        let loaded = loaded.with_row(shared, answer.row);
        Ok(Beginning {
            loaded,
            refused: refused.filter(|refusal| !refusal.is(Reason::Missing)),
        })
    }
}

fn read(shared: &Shared, cookies: &Cookies, now: u64) -> Opened {
    unless_ended(shared, shared.codec.open(cookies, now), now)
}

fn unless_ended(shared: &Shared, opened: Opened, now: u64) -> Opened {
    match opened.record {
        Ok(record) if shared.retired.is_destroyed(record.stamp.sid, now) => Opened {
            record: Err(Reason::Revoked.into()),
            ..opened
        },
        record => Opened { record, ..opened },
    }
}

/// Asks a hook that answers at once.
fn judge(shared: &Shared, opened: Opened) -> Result<Opened> {
    let (Some(hook), Ok(record)) = (shared.hook(), &opened.record) else {
        return Ok(opened);
    };
    let Some(judged) = hook.now(record) else {
        unreachable!("a hook that awaits is asked before the handler runs");
    };
    let judged = judged.map_err(|error| {
        not_judged(shared, &error);
        Error::Unavailable
    })?;
    Ok(Opened {
        record: opened.record.and_then(|record| verdict(record, judged)),
        ..opened
    })
}

fn not_judged(shared: &Shared, error: &BoxError) {
    log::not_judged(shared.codec.name(), error.as_ref());
}

fn verdict(record: Record, verdict: Verdict) -> Result<Record, Refusal> {
    match verdict {
        Verdict::Valid => Ok(record),
        Verdict::Revoked => Err(Reason::Revoked.into()),
    }
}
