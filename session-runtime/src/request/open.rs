//! The guard that keeps an entry open, and closes it whatever happened to the request.

use std::sync::{Arc, PoisonError};

#[cfg(feature = "dev")]
use http::Response;

use super::answer::{Answer, Awaiting};
use super::current::Enter;
use super::entry::{Closing, Entry, RequestKey, State};
#[cfg(feature = "dev")]
use super::journal::Became;
#[cfg(feature = "store")]
use super::loaded::Loaded;
#[cfg(feature = "dev")]
use super::note::Note;
use super::outcome::Outcome;
use super::shared::Shared;
#[cfg(feature = "store")]
use super::stored::{Ending, Saved, Saving};
use crate::codec::Incoming;
#[cfg(feature = "dev")]
use crate::codec::SetCookies;
use crate::stripe::Counted;

/// Keeps an entry open; dropping it closes the entry.
pub(crate) struct Open {
    entry: Option<Arc<Entry>>,
    /// What is to be noted of the response.
    #[cfg(feature = "dev")]
    note: Option<Box<Note>>,
}

impl Open {
    pub(crate) fn new(
        shared: &Counted<Shared>,
        incoming: Incoming,
        outer: Option<Arc<Entry>>,
    ) -> Self {
        shared.requests.enter(shared.stripe());
        Self {
            #[cfg(feature = "dev")]
            note: Some(Box::new(Note::new(shared, &incoming))),
            entry: Some(Arc::new(Entry::new(shared, incoming, outer))),
        }
    }

    /// For a request that a layer with other settings serves under the same cookie name further out.
    pub(crate) fn conflict(shared: &Counted<Shared>, outer: Arc<Entry>) -> Self {
        let open = Self::new(shared, Incoming::default(), Some(outer));
        if let Some(entry) = &open.entry {
            entry.conflict();
        }
        shared.warn_of_conflict();
        open
    }

    /// For a request whose entry belongs to a layer further out.
    pub(crate) fn elsewhere() -> Self {
        Self {
            entry: None,
            #[cfg(feature = "dev")]
            note: None,
        }
    }

    pub(crate) fn key(&self) -> Option<RequestKey> {
        self.entry.clone().map(RequestKey)
    }

    /// What to await before the request goes on; its end is told to [`Open::loaded`].
    pub(crate) fn begin_loading(&self) -> Option<Awaiting> {
        self.entry.as_ref()?.begin_loading()
    }

    pub(crate) fn loaded(&self, answer: Option<Box<Answer>>) {
        if let Some(entry) = &self.entry {
            entry.loaded(answer);
        }
    }

    /// Makes the entry the current one while the request's code runs.
    pub(crate) fn enter(&mut self) -> Option<Enter<'_>> {
        self.entry.is_some().then(|| Enter::new(&mut self.entry))
    }

    /// Closes the entry and says what the response carries; `skipped` says why changes are dropped, where they are.
    pub(crate) fn finish(&mut self, skipped: Option<Outcome>) -> Closing {
        let Some(mut entry) = self.entry.take() else {
            return Closing::default();
        };
        // Where nobody else has it left, no lock is needed.
        let Some(own) = Arc::get_mut(&mut entry) else {
            let state = entry.close();
            let closing = state.closing(&entry.shared, entry.seen, &entry.page, skipped);
            #[cfg(feature = "dev")]
            self.note_closing(&state, &closing);
            return closing;
        };
        own.leave();
        let state = own.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let closing = state.closing(&own.shared, own.seen, &own.page, skipped);
        #[cfg(feature = "dev")]
        self.note_closing(state, &closing);
        closing
    }
}

#[cfg(feature = "dev")]
impl Open {
    pub(crate) fn responds<R>(&mut self, head: Option<&Response<R>>) {
        if let (Some(note), Some(head)) = (&mut self.note, head) {
            note.responds(head.status(), head.extensions());
        }
    }

    /// Notes what became of the session.
    pub(crate) fn note(&mut self, became: Became, set_cookies: Option<&SetCookies>) {
        if let Some(note) = self.note.take() {
            note.note(became, set_cookies);
        }
    }

    fn note_closing(&mut self, state: &State, closing: &Closing) {
        self.note_refusal(state);
        let became = match closing.outcome {
            Some(outcome) => Became::Closed(outcome),
            None if closing.touched => Became::Unavailable,
            None => Became::Untouched,
        };
        self.note(became, closing.set_cookies.as_ref());
    }

    fn note_refusal(&mut self, state: &State) {
        if let (Some(note), State::Loaded(loaded)) = (&mut self.note, state) {
            note.refused = loaded.refused;
        }
    }
}

#[cfg(feature = "store")]
impl Open {
    /// Closes the entry; what is to be saved of it in its layer's store, if it was touched. `skipped` says why changes
    /// are dropped, where they are.
    pub(crate) fn end(&mut self, skipped: Option<Outcome>) -> Ended {
        let Some(mut entry) = self.entry.take() else {
            return Ended::Untouched;
        };
        if let Some(own) = Arc::get_mut(&mut entry)
            && let Some(saved) = own.settled(skipped)
        {
            own.leave();
            #[cfg(feature = "dev")]
            self.note_refusal(own.state.get_mut().unwrap_or_else(PoisonError::into_inner));
            return Ended::Settled(saved);
        }
        let state = entry.close();
        #[cfg(feature = "dev")]
        self.note_refusal(&state);
        match state {
            State::Loaded(loaded) => {
                let ending = ending(&entry, loaded);
                let ending = ending.expect("this service is of a layer with a store");
                Ended::Touched(ending.save(skipped))
            }
            State::Unavailable => Ended::Unavailable,
            State::Unloaded(_) | State::Conflict | State::Ended => Ended::Untouched,
        }
    }
}

/// What is to be done about a session that was touched, where it is in a store.
#[cfg(feature = "store")]
fn ending(entry: &Entry, loaded: Loaded) -> Option<Box<Ending>> {
    let stored = entry.shared.stored.clone()?;
    Some(Box::new(Ending {
        loaded,
        stored,
        shared: entry.shared.clone(),
        page: entry.page.clone(),
        begin: entry.begin,
    }))
}

/// What a request leaves to be done.
#[cfg(feature = "store")]
pub(crate) enum Ended {
    Untouched,
    Unavailable,
    Settled(Saved),
    Touched(Saving),
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take()
            && let State::Loaded(loaded) = entry.close()
        {
            loaded.rollback(&entry.shared);
            #[cfg(feature = "store")]
            if let Some(ending) = ending(&entry, loaded) {
                ending.drop_response();
            }
        }
        #[cfg(feature = "dev")]
        self.note(Became::Dropped, None);
    }
}
