//! What the last responses of a layer did with their sessions, for the development page.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use http::{Extensions, StatusCode};

use super::outcome::Outcome;
use super::store::Shared;
use crate::codec::{Incoming, Page, SetCookies};
use crate::error::Refusal;
use crate::log::Warning;

const KEPT: usize = 32;
/// Bytes of a path that are kept.
const PATH: usize = 200;

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

/// A response to come.
pub(crate) struct Draft {
    shared: Arc<Shared>,
    asked: String,
    page: Page,
    status: Option<StatusCode>,
    pub(crate) refused: Option<Refusal>,
    is_shown: bool,
}

impl Journal {
    fn note(&self, noted: Noted) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front(noted);
    }

    pub(crate) fn latest(&self) -> Vec<Noted> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}

impl Draft {
    pub(crate) fn new(shared: &Arc<Shared>, incoming: &Incoming) -> Self {
        let asked = incoming.asked.chars().take(PATH).collect();
        Self {
            shared: Arc::clone(shared),
            asked,
            page: incoming.page.clone(),
            status: None,
            refused: None,
            is_shown: false,
        }
    }

    pub(crate) fn responds(&mut self, status: StatusCode, extensions: &Extensions) {
        self.status = Some(status);
        self.is_shown = extensions.get::<Shown>().is_some();
    }

    /// The request is over.
    pub(crate) fn note(self, became: Became, set: Option<&SetCookies>) {
        if self.is_shown {
            return;
        }
        let codec = &self.shared.codec;
        let set = set.and_then(|cookies| cookies.own.as_ref());
        let set = set.and_then(|own| {
            let pair = own.as_bytes().split(|&byte| byte == b';').next()?;
            Some(Set {
                removes: pair.ends_with(b"="),
                size: pair.len() - 1,
            })
        });
        let is_kept = set.as_ref().is_some_and(|set| !set.removes);
        let misplaced = is_kept.then(|| codec.misplaced(&self.page)).flatten();
        self.shared.journal.note(Noted {
            at: Instant::now(),
            asked: self.asked,
            status: self.status,
            refused: self.refused,
            became,
            set,
            misplaced,
        });
    }
}
