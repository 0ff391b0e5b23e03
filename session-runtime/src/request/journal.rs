//! What the last responses of a layer did with their sessions, for the development page.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use http::StatusCode;

use super::outcome::Outcome;
use crate::error::Refusal;
use crate::log::Warning;

const KEPT: usize = 32;

/// The last responses, the latest first.
#[derive(Default)]
pub(crate) struct Journal(Mutex<VecDeque<Noted>>);

/// One response.
#[derive(Clone)]
pub(crate) struct Noted {
    /// By no clock of the layer's, which is asked as often as without a journal.
    pub(crate) at: Instant,
    /// Method and path.
    pub(crate) asked: String,
    pub(crate) status: Option<StatusCode>,
    /// Why the cookie that came was not used.
    pub(crate) refused: Option<Refusal>,
    pub(crate) became: Became,
    pub(crate) set: Option<Set>,
    /// Why the browser drops or hides what was set.
    pub(crate) misplaced: Option<Warning>,
}

/// What became of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// Nothing asked for it.
    Untouched,
    Unavailable,
    Closed(Outcome),
    /// The store could not take it.
    #[cfg(feature = "store")]
    NotSaved,
    /// The handler panicked, or its future was dropped.
    Dropped,
}

/// A cookie that was set, without its value.
#[derive(Clone)]
pub(crate) struct Set {
    pub(crate) removes: bool,
    /// Bytes of name and value.
    pub(crate) size: usize,
}

/// In the extensions of the development page's own response, which is not noted.
#[derive(Clone, Copy)]
pub(crate) struct Shown;

impl Journal {
    pub(super) fn note(&self, noted: Noted) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front(noted);
    }

    pub(crate) fn latest(&self) -> Vec<Noted> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}
