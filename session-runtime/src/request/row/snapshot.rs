//! What is to be written of a session, taken at one moment.

use crate::record::Stamp;
use crate::request::outcome::Outcome;
use crate::store::{Base, NewId, Ours, Times, Way};

/// What is to be written of a session, taken at one moment.
pub(in crate::request) struct Snapshot {
    pub(in crate::request) text: Vec<u8>,
    pub(in crate::request) shown: Vec<String>,
    pub(in crate::request) label: Option<String>,
    pub(in crate::request) new: Option<NewId>,
    pub(in crate::request) base: Option<Box<Base>>,
    pub(in crate::request) times: Times,
    /// [`Times::now`] in seconds: keys that are over by then are not in the text.
    pub(in crate::request) now: u64,
    pub(in crate::request) stamp: Stamp,
    /// What the response says of it.
    pub(in crate::request) outcome: Outcome,
}

impl Snapshot {
    pub(in crate::request) fn ours(&self) -> Ours<'_> {
        Ours {
            text: &self.text,
            shown: &self.shown,
            label: self.label.as_deref(),
        }
    }

    pub(in crate::request) fn way(&self) -> Way<'_> {
        match (&self.base, self.new) {
            (Some(base), Some(new)) => Way::Renew(base, new),
            (Some(base), None) => Way::Save(base),
            (None, Some(new)) => Way::Create(new),
            (None, None) => unreachable!("a session without a row has a new id"),
        }
    }
}
