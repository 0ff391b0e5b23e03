//! What the requests of one layer share, and how many of them are live.

use core::fmt;
use std::sync::Arc;

use super::counts::Counters;
#[cfg(feature = "dev")]
use super::journal::Journal;
use super::retired::{Retired, Retirement};
use super::saves::Saves;
#[cfg(feature = "store")]
use super::stored::Stored;
use super::sync::{AtomicUsize, Ordering};
use super::warnings::Warnings;
use crate::codec::SessionCodec;
use crate::error::Result;
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::record::{Record, Stamp};
use crate::revocation::{Hook, Revocation};

/// The live requests of a [`SessionLayer`](crate::SessionLayer): an entry is opened when a request arrives and gone
/// when its response head has been made, or its future was dropped. A clone counts the same requests.
#[derive(Clone, Default)]
pub struct RequestStore {
    live: Arc<AtomicUsize>,
}

impl RequestStore {
    /// How many requests are live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live.load(Ordering::Acquire)
    }

    /// Whether no request is live.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn enter(&self) {
        self.live.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn leave(&self) {
        self.live.fetch_sub(1, Ordering::AcqRel);
    }
}

impl fmt::Debug for RequestStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestStore")
            .field("len", &self.len())
            .finish()
    }
}

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
}
