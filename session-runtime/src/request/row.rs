//! What a request knows of its session's row in the store.

mod snapshot;

use core::ops::{Deref, DerefMut};
use std::sync::Arc;

pub(super) use snapshot::Snapshot;

use super::outcome::Outcome;
use super::shared::Stored;
use crate::id::SessionId;
use crate::lifetime::Lifetime;
use crate::record::{Record, Stamp};
use crate::store::Base;

/// What a request knows of its session's row. Where there is nothing to know, as of a session in a cookie, it takes the
/// room of a pointer.
#[derive(Clone, Default)]
pub(super) struct Row(Option<Box<Known>>);

#[derive(Clone)]
pub(super) struct Known {
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
    /// What a call began to commit under an id that the store did not have. Where the call was dropped before its
    /// answer, the row may be there.
    pub(super) attempt: Option<Arc<Snapshot>>,
    /// Such a call failed, and nobody knows whether its row was there for a while.
    pub(super) is_in_doubt: bool,
    /// The id under which a session without a row was to stay when its owner's others were ended.
    pub(super) spared: Option<SessionId>,
    /// The id that a renewal gives a session in a cookie, by which a feed spares it.
    pub(super) next: Option<SessionId>,
}

/// A session that was committed under an id or with a lifetime that the browser does not have yet.
#[derive(Clone, Copy)]
pub(super) struct Owed {
    pub(super) stamp: Stamp,
    pub(super) outcome: Outcome,
}

impl Known {
    pub(super) const NOTHING: Self = Self {
        base: None,
        sid: None,
        is_barred: false,
        lifetime: Lifetime::Configured,
        label: None,
        longest: 0,
        owed: None,
        attempt: None,
        is_in_doubt: false,
        spared: None,
        next: None,
    };
}

impl From<Known> for Row {
    fn from(known: Known) -> Self {
        Self(Some(Box::new(known)))
    }
}

impl Deref for Row {
    type Target = Known;

    fn deref(&self) -> &Known {
        static NOTHING: Known = Known::NOTHING;
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl DerefMut for Row {
    fn deref_mut(&mut self) -> &mut Known {
        self.0.get_or_insert_with(|| Box::new(Known::NOTHING))
    }
}

impl Row {
    /// Forgets what belongs to a session that ended here.
    pub(super) fn begin_anew(&mut self) {
        if let Some(known) = &mut self.0 {
            known.label = None;
            known.lifetime = Lifetime::Configured;
            known.next = None;
        }
    }

    pub(super) fn of(base: Box<Base>, record: &Record, stored: &Stored) -> Self {
        Self::from(Known {
            is_barred: base.is_retired(),
            base: Some(base),
            lifetime: record.lifetime(),
            longest: stored.longest(record),
            ..Known::NOTHING
        })
    }
}
