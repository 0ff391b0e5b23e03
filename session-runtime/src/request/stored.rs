//! A session whose record is a row of a store: loaded before the handler, saved at the response head.

mod exact;
mod rebase;
mod saving;
mod snapshot;

use std::sync::Arc;

pub(crate) use exact::{Step, names};
pub(crate) use saving::{Ending, Saved, Saving, Unsaved};
use snapshot::Snapshot;

use super::loading::{Answer, Awaiting};
use super::outcome::Outcome;
use super::store::Shared;
use crate::codec::{Cookies, Opened};
use crate::error::{Error, Reason, Result};
use crate::id::SessionId;
use crate::lifetime::Lifetime;
use crate::log;
use crate::record::{Record, Stamp};
use crate::revocation::{Hook, Verdict};
use crate::store::{Base, FeedCookie, Found, Loading, RevocationFeed, Vault};
use crate::time::time;

/// The store of a layer, and what it decides about it.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) vault: Arc<Vault>,
    pub(crate) loading: Loading,
    /// The longest lifetime, in seconds, of sessions without an owner in a layer that declares an owner key.
    pub(crate) anonymous_max_age: u64,
}

/// What a request knows of its session's row.
#[derive(Clone, Default)]
pub(super) struct Row {
    /// As it was loaded, or committed since.
    pub(super) base: Option<Box<Base>>,
    /// The id in the cookie, where no session of it goes on.
    pub(super) sid: Option<SessionId>,
    /// The session was renewed less than a minute ago: it takes no changes, and gets no cookie, unless it is renewed.
    pub(super) is_barred: bool,
    /// The lifetime that had been chosen by then.
    pub(super) lifetime: Lifetime,
    /// The label, where this request set one.
    pub(super) label: Option<String>,
    /// The longest lifetime that it had by then.
    pub(super) longest: u64,
    /// What the browser must learn of what is in the store, whatever becomes of the response.
    pub(super) owed: Option<Owed>,
    /// What a call began to commit under an id that the store did not have, as long as nobody had the answer: where the
    /// call was dropped, the row may be there.
    attempt: Option<Arc<Snapshot>>,
    /// Such a call failed, and whether its row was there for a while is not known.
    is_in_doubt: bool,
    /// The id under which a session without a row was to stay when its owner's others were ended.
    spared: Option<SessionId>,
    /// The id that a renewal gives a session in a cookie, by which a feed spares it.
    next: Option<SessionId>,
}

/// A session that was committed under an id or with a lifetime that the browser does not have yet.
#[derive(Clone, Copy)]
pub(super) struct Owed {
    pub(super) stamp: Stamp,
    pub(super) outcome: Outcome,
}

impl Row {
    /// Forgets what belongs to a session that ended here.
    pub(super) fn begin_anew(&mut self) {
        self.label = None;
        self.lifetime = Lifetime::Configured;
        self.next = None;
    }

    fn of(base: Box<Base>, record: &Record, stored: &Stored) -> Self {
        Self {
            is_barred: base.is_retired(),
            base: Some(base),
            lifetime: record.lifetime(),
            longest: stored.longest(record),
            ..Self::default()
        }
    }
}

/// Which record the request begins with; none where that can't be known now, which operators were told.
async fn load(shared: Arc<Shared>, stored: Stored, cookies: Cookies) -> Option<Answer> {
    let codec = &shared.codec;
    let now = codec.now();
    let Opened { came, record } = codec.open(&cookies, now);
    let refused = |refusal, row| Answer {
        opened: Opened {
            came,
            record: Err(refusal),
        },
        row,
    };
    let cookie = match record {
        Ok(cookie) => cookie,
        Err(refusal) => return Some(refused(refusal, Row::default())),
    };
    let sid = cookie.stamp.sid;
    // Whatever the row is, a sign-out must reach it.
    let ended = |is_barred| Row {
        sid: Some(sid),
        is_barred,
        ..Row::default()
    };
    let row = match stored.vault.load(&sid, time(now)).await.ok()? {
        Found::Session(row) => row,
        Found::Renewed => return Some(refused(Reason::Revoked.into(), ended(true))),
        Found::Nothing => return Some(refused(Reason::Revoked.into(), ended(false))),
    };
    let Some(mut record) = read(&cookie, &row, now) else {
        stored.vault.tell_corrupt();
        return Some(refused(Reason::Payload.into(), ended(false)));
    };
    record.stamp.longest = stored.longest(&record);
    let row = Row::of(row, &record, &stored);
    Some(match judge(&shared, &record).await? {
        Verdict::Valid => Answer {
            opened: Opened {
                came,
                record: Ok(record),
            },
            row,
        },
        Verdict::Revoked => refused(Reason::Revoked.into(), ended(false)),
    })
}

/// The record of a row under the identity and times of its cookie.
fn read(cookie: &Record, row: &Base, now: u64) -> Option<Record> {
    let text = row.text().to_vec();
    let payload = 0..text.len();
    let stamp = Stamp {
        id: row.id.shown(),
        ..cookie.stamp
    };
    Record::parse(stamp, text, payload, now).ok()
}

/// What the layer's hook says; none where it can't say.
async fn judge(shared: &Shared, record: &Record) -> Option<Verdict> {
    let verdict = match shared.hook() {
        None => Ok(Verdict::Valid),
        Some(Hook::Later(hook)) => hook(record).await,
        Some(hook) => hook
            .now(record)
            .expect("only a hook that awaits has no answer"),
    };
    let told = verdict.inspect_err(|error| log::not_judged(shared.codec.name(), error.as_ref()));
    told.ok()
}

impl Stored {
    /// Loads the session of these cookies.
    pub(super) fn load(&self, shared: &Arc<Shared>, cookies: &Cookies) -> Awaiting {
        let (shared, stored, cookies) = (Arc::clone(shared), self.clone(), cookies.clone());
        Box::pin(load(shared, stored, cookies))
    }

    /// What became of the row that a call began to make and whose answer nobody had.
    async fn find(&self, shared: &Shared, sent: &Snapshot) -> Result<Option<Box<Base>>> {
        let now = time(shared.codec.now());
        Ok(match self.vault.load(&sent.stamp.sid, now).await? {
            Found::Session(base) if !base.is_retired() => Some(base),
            _ => None,
        })
    }

    /// Ends the sessions of these ids.
    async fn end(&self, ids: Vec<SessionId>) -> Result<()> {
        let ids: Vec<_> = ids.iter().map(|id| self.vault.id(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.vault.destroy_all(ids).await
    }

    /// The longest lifetime of the session: a shorter one where it is nobody's.
    pub(super) fn longest(&self, record: &Record) -> u64 {
        if self.vault.is_anonymous(record) {
            return self.anonymous_max_age;
        }
        u64::MAX
    }
}

impl Shared {
    /// The cookie as this feed knows it, where the layer asks it; else [`Error::NoFeed`].
    pub(crate) fn asked(&self, feed: &RevocationFeed) -> Result<&FeedCookie> {
        match self.hook() {
            Some(Hook::Feed(asking)) => asking.cookie_of(feed).ok_or(Error::NoFeed),
            _ => Err(Error::NoFeed),
        }
    }

    /// The store, where sessions are in one; else [`Error::NoStore`].
    pub(crate) fn stored(&self) -> Result<&Stored> {
        self.stored.as_ref().ok_or(Error::NoStore)
    }

    /// When a request begins; without a store nobody asks.
    pub(super) fn begin(&self) -> u64 {
        self.stored.as_ref().map_or(0, |_| self.codec.now())
    }
}
