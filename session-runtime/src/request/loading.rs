//! Which record a request begins with: the one in its cookie, unless it ended a moment ago or a hook refuses it.
//!
//! What must be awaited for the answer is awaited before the handler runs; all else waits for the first call of the
//! session.

use core::pin::Pin;

use super::loaded::Loaded;
use super::store::Shared;
use crate::codec::{Cookies, Opened};
use crate::error::{BoxError, Error, Reason, Refusal, Result};
use crate::log;
use crate::record::Record;
use crate::revocation::{Hook, Verdict};

/// How far the answer is.
#[derive(Clone)]
pub(super) enum Loading {
    /// Nothing was read yet.
    Cookies(Cookies),
    /// Read and judged before the handler ran: that holds for the whole request.
    Awaited(Box<Opened>),
}

/// What is awaited before the handler runs.
pub(crate) type Awaiting = Pin<Box<dyn Future<Output = Result<Opened, BoxError>> + Send>>;

/// The session as the request begins with it, and why what came was not used.
pub(super) struct Beginning {
    pub(super) loaded: Loaded,
    pub(super) refused: Option<Refusal>,
}

impl Loading {
    pub(super) fn awaited(opened: Opened) -> Self {
        Self::Awaited(Box::new(opened))
    }

    /// Begins to await the answer, where something must be awaited: what holds meanwhile, and the wait if there is
    /// something to ask about.
    pub(super) fn begin(&self, shared: &Shared) -> Option<(Self, Option<Awaiting>)> {
        let (Self::Cookies(cookies), Some(Hook::Later(hook))) = (self, shared.hook()) else {
            return None;
        };
        let Opened { came, record } = read(shared, cookies, shared.codec.now());
        // What can't be read now stays so: later in the request it would go unjudged.
        let meanwhile = |refusal| {
            Self::awaited(Opened {
                came,
                record: Err(refusal),
            })
        };
        let record = match record {
            Ok(record) => record,
            Err(refusal) => return Some((meanwhile(refusal), None)),
        };
        let judging = hook(&record);
        let judged = Box::pin(async move {
            let record = verdict(record, judging.await?);
            Ok(Opened { came, record })
        });
        Some((meanwhile(Reason::Revoked.into()), Some(judged)))
    }

    /// The answer. Runs the user's clock, and a hook that answers at once.
    pub(super) fn finish(&self, shared: &Shared) -> Result<Beginning> {
        let now = shared.codec.now();
        let Opened { came, record } = match self {
            Self::Cookies(cookies) => judge(shared, read(shared, cookies, now))?,
            Self::Awaited(opened) => unless_ended(shared, (**opened).clone(), now),
        };
        let refusal = match record {
            Ok(record) => {
                return Ok(Beginning {
                    loaded: Loaded::of(came, record),
                    refused: None,
                });
            }
            Err(refusal) => refusal,
        };
        let record = Record::empty(shared.codec.new_stamp(now)?, now);
        Ok(Beginning {
            loaded: Loaded::new(came, record),
            refused: Some(refusal).filter(|refusal| !refusal.is(Reason::Missing)),
        })
    }
}

fn read(shared: &Shared, cookies: &Cookies, now: u64) -> Opened {
    unless_ended(shared, shared.codec.open(cookies, now), now)
}

fn unless_ended(shared: &Shared, opened: Opened, now: u64) -> Opened {
    match opened.record {
        Ok(record) if shared.retired.is_destroyed(record.id(), now) => Opened {
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
    let Hook::Now(hook) = hook else {
        unreachable!("a hook that awaits is asked before the handler runs");
    };
    let judged = hook(record).map_err(|error| {
        log::not_judged(shared.codec.name(), error.as_ref());
        Error::Unavailable
    })?;
    Ok(Opened {
        record: opened.record.and_then(|record| verdict(record, judged)),
        ..opened
    })
}

fn verdict(record: Record, verdict: Verdict) -> Result<Record, Refusal> {
    match verdict {
        Verdict::Valid => Ok(record),
        Verdict::Revoked => Err(Reason::Revoked.into()),
    }
}
