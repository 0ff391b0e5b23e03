//! What the page shows: the layers around it, as they are now.

use std::sync::Arc;

use http::Request;

use crate::codec::{Cookies, Examined, Page};
use crate::context::entry;
use crate::error::Refusal;
use crate::key::KeyInfo;
use crate::log::Warning;
use crate::request::{Entry, Noted, Peeked, Shared};
use crate::stripe::Counted;

pub(super) struct View {
    /// The innermost layer is first.
    pub(super) layers: Vec<LayerView>,
}

pub(super) struct LayerView {
    pub(super) shared: Counted<Shared>,
    pub(super) now: u64,
    pub(super) session: Peeked,
    /// The cookies of the layer's name. A refusal if they are too long or too many to be read.
    pub(super) came: Result<Vec<Examined>, Refusal>,
    pub(super) next: Next,
    pub(super) latest: Vec<Noted>,
}

/// What the browser will do with a cookie that is set now.
pub(super) enum Next {
    /// The browser did not say where its page is.
    Unknown,
    Kept {
        at: String,
    },
    Misplaced {
        at: String,
        why: Warning,
    },
}

impl View {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        let cookies = Cookies::of(request.headers());
        let page = Page::of(request.method(), request.headers());
        let mut layers = Vec::new();
        let mut next = entry(request.extensions());
        while let Some(entry) = next {
            next = entry.outer();
            layers.push(LayerView::of(&entry, &cookies, &page));
        }
        Self { layers }
    }
}

impl LayerView {
    fn of(entry: &Arc<Entry>, cookies: &Cookies, page: &Page) -> Self {
        let shared = entry.counted();
        let codec = &shared.codec;
        let now = codec.now();
        Self {
            now,
            session: entry.peek(),
            came: codec.examine(cookies, now),
            next: Next::of(&shared, page),
            latest: shared.journal.latest(),
            shared: shared.clone(),
        }
    }

    /// The declaration of a key, and the struct that declares it.
    pub(super) fn declared(&self, name: &str) -> Option<(&'static str, &'static KeyInfo)> {
        let mut declared = self.shared.declared.iter();
        let is_it = |key: &KeyInfo| key.name() == name || key.aliases().contains(&name);
        declared.find(|(_, key)| is_it(key)).copied()
    }
}

impl Next {
    fn of(shared: &Shared, page: &Page) -> Self {
        let at = page.origin.as_ref().or(page.referer.as_ref());
        let at = at.and_then(|at| at.to_str().ok());
        match (at, shared.codec.misplaced(page)) {
            (Some(at), Some(why)) => Self::Misplaced {
                at: at.to_owned(),
                why,
            },
            (Some(at), None) if at.starts_with("http") => Self::Kept { at: at.to_owned() },
            _ => Self::Unknown,
        }
    }
}
