//! What the requests of one layer share.

use std::sync::Arc;

use super::counts::Counters;
#[cfg(feature = "dev")]
use super::journal::Journal;
use super::retired::{Retired, Retirement};
use super::saves::Saves;
use super::store::RequestStore;
use super::warnings::Warnings;
use crate::codec::{Page, SessionCodec};
#[cfg(feature = "store")]
use crate::error::Error;
use crate::error::{Reason, Refusal, Result};
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::log::{self, Warning};
use crate::record::{Record, Stamp};
use crate::revocation::{Hook, Revocation};
#[cfg(feature = "store")]
use crate::store::{FeedCookie, Loading, RevocationFeed, Vault};

/// What had happened to the sessions of a layer when a request began.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// The latest sign-out or renewal that was noted.
    pub(super) notes: u64,
    /// The latest save.
    pub(super) saves: u64,
}

/// What the requests of one layer have in common.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) codec: Arc<dyn SessionCodec>,
    pub(crate) requests: RequestStore,
    pub(crate) retired: Arc<Retired>,
    pub(super) saves: Arc<Saves>,
    pub(super) warnings: Arc<Warnings>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) revocation: Option<Revocation>,
    /// Names that must not be put into a cookie that is not encrypted, also when they come as text and in the
    /// sessions of layers below.
    pub(crate) private_names: Vec<&'static str>,
    /// The key that says whose session it is, where one was declared.
    pub(crate) owner: Option<&'static KeyInfo>,
    /// What was declared, each key with its struct.
    #[cfg(feature = "dev")]
    pub(crate) declared: Vec<(&'static str, &'static KeyInfo)>,
    #[cfg(feature = "dev")]
    pub(crate) journal: Arc<Journal>,
    /// Where sessions are, if not in their cookies.
    #[cfg(feature = "store")]
    pub(crate) stored: Option<Stored>,
}

#[cfg(feature = "store")]
/// The store of a layer, and what it decides about it.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) vault: Arc<Vault>,
    pub(crate) loading: Loading,
    /// The longest lifetime, in seconds, of sessions without an owner in a layer that declares an owner key.
    pub(crate) anonymous_max_age: u64,
}

impl Shared {
    pub(crate) fn new(codec: Arc<dyn SessionCodec>) -> Self {
        Self {
            codec,
            requests: RequestStore::default(),
            retired: Arc::default(),
            saves: Arc::default(),
            warnings: Arc::default(),
            counters: Arc::default(),
            revocation: None,
            private_names: Vec::new(),
            owner: None,
            #[cfg(feature = "dev")]
            declared: Vec::new(),
            #[cfg(feature = "dev")]
            journal: Arc::default(),
            #[cfg(feature = "store")]
            stored: None,
        }
    }

    pub(super) fn seen(&self) -> Seen {
        Seen {
            notes: self.retired.latest(),
            saves: self.saves.latest(),
        }
    }

    /// Bytes that the record would take, and the most that it may.
    pub(crate) fn room(&self, record: &Record) -> Result<(usize, usize)> {
        #[cfg(feature = "store")]
        if let Some(stored) = &self.stored {
            let limit = stored.vault.max_record();
            return Ok((record.payload_len(record.opened_at()), limit));
        }
        let size = self.codec.size(record, record.opened_at())?;
        Ok((size, self.codec.max_size()))
    }

    /// The longest lifetime of the session, in seconds.
    #[cfg_attr(
        not(feature = "store"),
        expect(clippy::unused_self, reason = "only a store tells sessions apart")
    )]
    pub(super) fn longest(&self, record: &Record) -> u64 {
        #[cfg(feature = "store")]
        if let Some(stored) = &self.stored {
            return stored.longest(record);
        }
        let _ = record;
        u64::MAX
    }

    /// Whether visitors can't read what sessions hold.
    pub(crate) fn is_secret(&self) -> bool {
        self.is_in_store() || self.codec.is_encrypted()
    }

    /// Whether cookies hold no more than ids.
    #[cfg_attr(
        not(feature = "store"),
        expect(clippy::unused_self, reason = "there is no store")
    )]
    pub(crate) fn is_in_store(&self) -> bool {
        #[cfg(feature = "store")]
        return self.stored.is_some();
        #[cfg(not(feature = "store"))]
        false
    }

    /// A new id and birth, now.
    pub(crate) fn stamp_now(&self) -> Result<Stamp> {
        self.new_stamp(self.codec.now())
    }

    pub(super) fn new_stamp(&self, now: u64) -> Result<Stamp> {
        let stamp = self.codec.new_stamp(now)?;
        #[cfg(feature = "store")]
        if let Some(stored) = &self.stored {
            let id = stored.vault.id(&stamp.sid).shown();
            return Ok(Stamp { id, ..stamp });
        }
        Ok(stamp)
    }

    /// Notes an id that ended, where no store does; the note's number.
    pub(super) fn note(&self, id: SessionId, retirement: Retirement, now: u64) -> Option<u64> {
        if self.is_in_store() {
            return None;
        }
        self.retired.note(id, retirement, now)
    }

    /// Whether code of the user runs while a session is read.
    pub(super) fn runs_user_code(&self) -> bool {
        self.revocation.is_some() || self.codec.runs_user_code()
    }

    /// Whether something may have to be awaited before the handler runs.
    pub(super) fn awaits(&self) -> bool {
        self.is_in_store() || matches!(self.hook(), Some(Hook::Later(_)))
    }

    pub(super) fn hook(&self) -> Option<&Hook> {
        self.revocation.as_ref().map(Revocation::hook)
    }

    /// Says why the cookie that came was not used, or that it is of the future.
    pub(super) fn warn_of_cookie(&self, refused: Option<Refusal>) {
        let warning = match refused {
            None => Some(Warning::Ahead),
            Some(refusal) if refusal.is(Reason::UnknownKey) => Some(Warning::UnknownKey),
            Some(refusal) if refusal.is(Reason::Future) => Some(Warning::Future),
            Some(refusal) if refusal.is(Reason::BadMac) => Some(Warning::BadMac),
            Some(_) => None,
        };
        if let Some(refusal) = refused {
            self.counters.refused(refusal);
        }
        let is_said = warning.is_some_and(|warning| self.warn(warning));
        if let Some(refusal) = refused.filter(|_| !is_said) {
            log::refused(self.codec.name(), refusal);
        }
    }

    /// Says that the browser will drop or hide the cookie that is issued.
    pub(super) fn warn_of_place(&self, page: &Page) {
        if let Some(warning) = self.codec.misplaced(page) {
            self.warn(warning);
        }
    }

    pub(super) fn warn_of_conflict(&self) {
        self.warn(Warning::Conflict);
    }

    pub(crate) fn warn_of_clone(&self) {
        self.warn(Warning::Nested);
    }

    fn warn(&self, warning: Warning) -> bool {
        let met = self.warnings.meet(warning, self.codec.now());
        if let Some(count) = met {
            log::warning(self.codec.name(), warning, count);
        }
        met.is_some()
    }
}

#[cfg(feature = "store")]
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

#[cfg(feature = "store")]
impl Stored {
    /// The longest lifetime of the session: a shorter one where it is nobody's.
    pub(super) fn longest(&self, record: &Record) -> u64 {
        if self.vault.is_anonymous(record) {
            return self.anonymous_max_age;
        }
        u64::MAX
    }
}
