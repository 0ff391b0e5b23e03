//! What the journal will note of a response, gathered while the request runs.

use std::time::Instant;

use http::{Extensions, StatusCode};

use super::journal::{Became, Noted, Set, Shown};
use super::shared::Shared;
use crate::codec::{Incoming, Page, SetCookies};
use crate::error::Refusal;
use crate::stripe::Counted;

/// Bytes of a path that are kept.
const PATH: usize = 200;

/// A response to come.
pub(crate) struct Note {
    shared: Counted<Shared>,
    asked: String,
    page: Page,
    status: Option<StatusCode>,
    pub(crate) refused: Option<Refusal>,
    is_shown: bool,
}

impl Note {
    pub(crate) fn new(shared: &Counted<Shared>, incoming: &Incoming) -> Self {
        let asked = incoming.asked.chars().take(PATH).collect();
        Self {
            shared: shared.clone(),
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
