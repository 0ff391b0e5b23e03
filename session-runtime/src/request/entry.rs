//! One request's session, reached by every handle of that request, emptied when the request ends.

use std::sync::{Arc, PoisonError};

use super::current::Enter;
use super::loaded::Loaded;
use super::loading::{Awaiting, Beginning, Loading};
use super::store::Shared;
use super::sync::{Mutex, MutexGuard};
use crate::codec::{Cookies, Opened, SetCookies};
use crate::error::{BoxError, Error, Result};
use crate::key::KeyInfo;
use crate::log;

/// The entry's address in the extensions of a request.
#[derive(Clone)]
pub(crate) struct RequestKey(pub(crate) Arc<Entry>);

pub(crate) struct Entry {
    pub(super) shared: Arc<Shared>,
    /// The entry of the layer around this one.
    outer: Option<Arc<Entry>>,
    /// The latest sign-out or renewal that was noted before the request came.
    pub(super) seen: u64,
    pub(super) state: Mutex<State>,
}

pub(super) enum State {
    /// Not touched yet.
    Unloaded(Loading),
    Loaded(Loaded),
    /// The session could not be loaded or judged.
    Unavailable,
    Ended,
}

impl State {
    pub(super) fn closing(&self, shared: &Shared, seen: u64, saves: bool) -> Closing {
        match self {
            Self::Loaded(loaded) => Closing {
                touched: true,
                set_cookies: loaded.commit(shared, seen, saves),
            },
            Self::Unavailable => Closing {
                touched: true,
                set_cookies: None,
            },
            Self::Unloaded(_) | Self::Ended => Closing::default(),
        }
    }
}

/// What the response head must carry.
#[derive(Default)]
pub(crate) struct Closing {
    /// Whether any call needed the record.
    pub(crate) touched: bool,
    pub(crate) set_cookies: Option<SetCookies>,
}

impl Entry {
    pub(super) fn new(shared: &Arc<Shared>, cookies: Cookies, outer: Option<Arc<Self>>) -> Self {
        Self {
            seen: shared.retired.latest(),
            shared: Arc::clone(shared),
            outer,
            state: Mutex::new(State::Unloaded(Loading::Cookies(cookies))),
        }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn name(&self) -> &str {
        self.shared.codec.name()
    }

    /// This entry or the one around it that serves the cookie of this name.
    pub(crate) fn named(self: &Arc<Self>, name: &str) -> Option<Arc<Self>> {
        let mut entry = Some(self);
        while let Some(candidate) = entry {
            if candidate.name() == name {
                return Some(Arc::clone(candidate));
            }
            entry = candidate.outer.as_ref();
        }
        None
    }

    pub(crate) fn is_open(&self) -> bool {
        !matches!(*self.lock(), State::Ended)
    }

    /// Runs `call` on the record, which the first call reads from the cookie.
    ///
    /// `call` is ours alone: no code of the user runs under the lock.
    pub(crate) fn with<R>(
        &self,
        call: impl FnOnce(&Shared, &mut Loaded) -> Result<R>,
    ) -> Result<R> {
        let mut state = self.touch(self.lock())?;
        match &mut *state {
            State::Loaded(loaded) => call(&self.shared, loaded),
            State::Unavailable => Err(Error::Unavailable),
            _ => Err(Error::RequestEnded),
        }
    }

    /// Reads the cookie if the session is untouched.
    fn touch<'a>(&'a self, mut state: MutexGuard<'a, State>) -> Result<MutexGuard<'a, State>> {
        let State::Unloaded(loading) = &*state else {
            return Ok(state);
        };
        let finished = if self.shared.runs_user_code() {
            let loading = loading.clone();
            drop(state);
            let finished = self.ask(&loading);
            state = self.lock();
            if !matches!(*state, State::Unloaded(_)) {
                return Ok(state);
            }
            finished
        } else {
            loading.finish(&self.shared)
        };
        let refused = match finished {
            Ok(Beginning { loaded, refused }) => {
                *state = State::Loaded(loaded);
                refused
            }
            Err(Error::Unavailable) => {
                *state = State::Unavailable;
                None
            }
            Err(error) => return Err(error),
        };
        if let Some(refusal) = refused {
            drop(state);
            log::refused(self.name(), refusal);
            state = self.lock();
        }
        Ok(state)
    }

    /// A hook that asks for the current session gets the one of the layer around: this one waits for its verdict.
    fn ask(&self, loading: &Loading) -> Result<Beginning> {
        let mut outer = self.outer.clone();
        let _around = Enter::new(&mut outer);
        loading.finish(&self.shared)
    }

    /// Refuses a `private` key, or the name of one, in a cookie that the visitor can read.
    pub(crate) fn check_private(&self, name: &str, info: Option<&KeyInfo>) -> Result<()> {
        if self.shared.codec.is_encrypted() {
            return Ok(());
        }
        if info.is_some_and(KeyInfo::is_private) || self.guards(name) {
            return Err(Error::NotPrivate {
                key: name.to_owned(),
            });
        }
        Ok(())
    }

    /// Whether this layer, or one around it, was told that the key of this name is private.
    fn guards(&self, name: &str) -> bool {
        let outer = self.outer.as_ref();
        self.shared.private_names.contains(&name) || outer.is_some_and(|outer| outer.guards(name))
    }

    /// Begins to load what must be awaited.
    pub(super) fn begin_loading(&self) -> Option<Awaiting> {
        let loading = match &*self.lock() {
            State::Unloaded(loading) if self.shared.awaits() => loading.clone(),
            _ => return None,
        };
        let (meanwhile, awaiting) = loading.begin(&self.shared)?;
        *self.lock() = State::Unloaded(meanwhile);
        awaiting
    }

    pub(super) fn loaded(&self, loaded: Result<Opened, BoxError>) {
        let state = match loaded {
            Ok(opened) => State::Unloaded(Loading::Awaited(opened)),
            Err(error) => {
                log::not_judged(self.name(), error.as_ref());
                State::Unavailable
            }
        };
        *self.lock() = state;
    }

    /// Empties the entry.
    pub(super) fn close(&self) -> State {
        self.shared.requests.leave();
        core::mem::replace(&mut *self.lock(), State::Ended)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
