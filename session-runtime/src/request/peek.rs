//! A look at a request's session that leaves it as it is, for the development page.

use std::sync::Arc;

use super::entry::{Entry, State};
use super::loaded::Loaded;
use super::shared::Shared;
use crate::error::{Error, Refusal};
use crate::record::Record;
use crate::stripe::Counted;

/// The session of a request as it is now.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for each layer of a page"
)]
pub(crate) enum Peeked {
    Session {
        record: Record,
        is_new: bool,
        is_destroyed: bool,
        /// Why the cookie that came was not used.
        refused: Option<Refusal>,
    },
    /// It is loaded only when a handler asks.
    NotLoaded,
    Unavailable,
    Conflict,
    Ended,
}

impl Entry {
    /// The session without touching it: nothing is issued, consumed or logged for it. A hook is asked, as by a touch.
    pub(crate) fn peek(&self) -> Peeked {
        let source = match &*self.lock() {
            State::Unloaded(source) => source.clone(),
            State::Loaded(loaded) => return Peeked::of(loaded, loaded.refused),
            State::Unavailable => return Peeked::Unavailable,
            State::Conflict => return Peeked::Conflict,
            State::Ended => return Peeked::Ended,
        };
        match self.ask(&source) {
            Ok(beginning) => Peeked::of(&beginning.loaded, beginning.refused),
            Err(Error::NotLoaded) => Peeked::NotLoaded,
            Err(_) => Peeked::Unavailable,
        }
    }

    pub(crate) fn outer(&self) -> Option<Arc<Self>> {
        self.outer.clone()
    }

    pub(crate) fn counted(&self) -> Counted<Shared> {
        self.shared.clone()
    }
}

impl Peeked {
    fn of(loaded: &Loaded, refused: Option<Refusal>) -> Self {
        Self::Session {
            record: loaded.record.clone(),
            is_new: loaded.is_new(),
            is_destroyed: loaded.is_destroyed(),
            refused,
        }
    }
}
