//! Which record a request begins with: the one in its cookie, unless it ended a moment ago or a hook refuses it.
//!
//! What must be awaited for the answer is awaited before the handler runs; all else waits for the first call of the
//! session.

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
use crate::stripe::Counted;

/// Where the answer comes from.
#[derive(Clone)]
pub(super) enum Source {
    /// The cookies, of which nothing was read yet.
    Cookies(Cookies),
    /// What was awaited before, which holds for the whole request; none where it can't be known now.
    Awaited(Option<Box<Answer>>),
}

/// The session as the request begins with it, and why what came was not used.
pub(super) struct Beginning {
    pub(super) loaded: Loaded,
    pub(super) refused: Option<Refusal>,
}

impl Source {
    /// No cookie, and nothing to wait for.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn nothing() -> Self {
        Self::Awaited(Some(Answer::of(Opened {
            came: crate::codec::Came::default(),
            record: Err(Reason::Missing.into()),
        })))
    }

    /// What is awaited before the handler runs, and the source that takes this one's place until then; each where there
    /// is one.
    pub(super) fn begin(&self, shared: &Counted<Shared>) -> (Option<Self>, Option<Awaiting>) {
        let Self::Cookies(cookies) = self else {
            return (None, None);
        };
        #[cfg(feature = "store")]
        if let Some(of_layer) = &shared.stored {
            let wait = of_layer.loading == Loading::Eager;
            return (None, wait.then(|| stored::load(shared, of_layer, cookies)));
        }
        let Some(Hook::Later(hook)) = shared.hook() else {
            return (None, None);
        };
        let Opened { came, record } = read(shared, cookies, shared.codec.now());
        let answer = move |record| Answer::of(Opened { came, record });
        // What can't be read now stays so: later in the request it would go unjudged.
        let record = match record {
            Ok(record) => record,
            Err(refusal) => return (Some(Self::Awaited(Some(answer(Err(refusal))))), None),
        };
        let (judging, shared) = (hook(&record), shared.clone());
        let judged: Awaiting = Box::pin(async move {
            let judged = judging.await;
            let told = judged.inspect_err(|error| not_judged(&shared, error));
            Some(answer(match told.ok()? {
                Verdict::Valid => Ok(record),
                Verdict::Revoked => Err(Reason::Revoked.into()),
            }))
        });
        let meanwhile = Self::Awaited(Some(answer(Err(Reason::Revoked.into()))));
        (Some(meanwhile), Some(judged))
    }

    /// The answer. Runs the user's clock, and a hook that answers at once.
    pub(super) fn finish(&self, shared: &Shared) -> Result<Beginning> {
        match self {
            #[cfg(feature = "store")]
            Self::Cookies(_) if shared.stored.is_some() => Err(Error::NotLoaded),
            Self::Cookies(cookies) => {
                let now = shared.codec.now();
                let mut opened = read(shared, cookies, now);
                judge(shared, &mut opened)?;
                Beginning::of(shared, opened, || now)
            }
            Self::Awaited(answer) => answer.clone().ok_or(Error::Unavailable)?.finish(shared),
        }
    }

    /// As [`Source::finish`], where nothing is read from here again.
    pub(super) fn take(&mut self, shared: &Shared) -> Result<Beginning> {
        match self {
            Self::Awaited(answer) => answer.take().ok_or(Error::Unavailable)?.finish(shared),
            Self::Cookies(_) => self.finish(shared),
        }
    }
}

impl Answer {
    /// The session that the request begins with.
    pub(super) fn finish(mut self: Box<Self>, shared: &Shared) -> Result<Beginning> {
        // The clock may be the user's, and is asked only where the time decides something.
        let now = || shared.codec.now();
        refuse_ended(shared, &mut self.opened, now);
        let answer = *self;
        #[cfg_attr(not(feature = "store"), expect(unused_mut, reason = "there is no row"))]
        let mut beginning = Beginning::of(shared, answer.opened, now)?;
        #[cfg(feature = "store")]
        beginning.loaded.set_row(shared, answer.row);
        Ok(beginning)
    }
}

impl Beginning {
    fn of(shared: &Shared, opened: Opened, now: impl FnOnce() -> u64) -> Result<Self> {
        let Opened { came, record } = opened;
        Ok(match record {
            Ok(record) => Self {
                loaded: Loaded::of(came, record),
                refused: None,
            },
            Err(refusal) => {
                let now = now();
                Self {
                    loaded: Loaded::new(came, Record::empty(shared.new_stamp(now)?, now)),
                    refused: Some(refusal).filter(|refusal| !refusal.is(Reason::Missing)),
                }
            }
        })
    }
}

fn read(shared: &Shared, cookies: &Cookies, now: u64) -> Opened {
    let mut opened = shared.codec.open(cookies, now);
    refuse_ended(shared, &mut opened, || now);
    opened
}

fn refuse_ended(shared: &Shared, opened: &mut Opened, now: impl Fn() -> u64) {
    let is_ended = |record: &Record| shared.retired.is_destroyed(record.stamp.sid, &now);
    if opened.record.as_ref().is_ok_and(is_ended) {
        opened.record = Err(Reason::Revoked.into());
    }
}

/// Asks a hook that answers at once.
fn judge(shared: &Shared, opened: &mut Opened) -> Result<()> {
    let (Some(hook), Ok(record)) = (shared.hook(), &opened.record) else {
        return Ok(());
    };
    let Some(judged) = hook.now(record) else {
        unreachable!("a hook that awaits is asked before the handler runs");
    };
    match judged {
        Ok(Verdict::Valid) => {}
        Ok(Verdict::Revoked) => opened.record = Err(Reason::Revoked.into()),
        Err(error) => {
            not_judged(shared, &error);
            return Err(Error::Unavailable);
        }
    }
    Ok(())
}

fn not_judged(shared: &Shared, error: &BoxError) {
    log::not_judged(shared.codec.name(), error.as_ref());
}
