//! One request's session, reached by every handle of that request, emptied when the request ends.

use std::sync::{Arc, PoisonError};

use http::header::HeaderValue;

use super::current::Enter;
use super::loaded::{self, Live, Source};
use super::store::Shared;
use super::sync::{Mutex, MutexGuard};
use crate::codec::Cookies;
use crate::error::{BoxError, Error, Reason, Refusal, Result};
use crate::key::KeyInfo;
use crate::log;
use crate::record::Record;
use crate::revocation::{Judging, Verdict};

/// The entry's address in the extensions of a request.
#[derive(Clone)]
pub(crate) struct RequestKey(pub(crate) Arc<Entry>);

pub(crate) struct Entry {
    shared: Arc<Shared>,
    /// The entry of the layer around this one.
    outer: Option<Arc<Entry>>,
    /// The latest sign-out or renewal that was noted before the request came.
    seen: u64,
    state: Mutex<State>,
}

enum State {
    Untouched(Source),
    Live(Live),
    /// The session could not be judged.
    Unavailable,
    Ended,
}

impl State {
    fn closing(&self, shared: &Shared, seen: u64, saves: bool) -> Closing {
        match self {
            Self::Live(live) => Closing {
                touched: true,
                set_cookie: live.settle(shared, seen, saves),
            },
            Self::Unavailable => Closing {
                touched: true,
                set_cookie: None,
            },
            Self::Untouched(_) | Self::Ended => Closing::default(),
        }
    }
}

/// What the response head must carry.
#[derive(Default)]
pub(crate) struct Closing {
    /// Whether any call needed the record.
    pub(crate) touched: bool,
    pub(crate) set_cookie: Option<HeaderValue>,
}

impl Entry {
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn name(&self) -> &str {
        self.shared.wire.name()
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
    pub(crate) fn with<R>(&self, call: impl FnOnce(&Shared, &mut Live) -> Result<R>) -> Result<R> {
        let mut state = self.touch(self.lock())?;
        match &mut *state {
            State::Live(live) => call(&self.shared, live),
            State::Unavailable => Err(Error::Unavailable),
            _ => Err(Error::RequestEnded),
        }
    }

    /// Reads the cookie if the session is untouched.
    fn touch<'a>(&'a self, mut state: MutexGuard<'a, State>) -> Result<MutexGuard<'a, State>> {
        let State::Untouched(source) = &*state else {
            return Ok(state);
        };
        let opened = if self.shared.asks_user() {
            let source = source.clone();
            drop(state);
            let opened = self.ask(&source);
            state = self.lock();
            if !matches!(*state, State::Untouched(_)) {
                return Ok(state);
            }
            opened
        } else {
            Live::open(&self.shared, source)
        };
        let refused = match opened {
            Ok((live, refused)) => {
                *state = State::Live(live);
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
    fn ask(&self, source: &Source) -> Result<(Live, Option<Refusal>)> {
        let mut outer = self.outer.clone();
        let _around = Enter::new(&mut outer);
        Live::open(&self.shared, source)
    }

    /// Refuses a `private` key, or the name of one, in a cookie that the visitor can read.
    pub(crate) fn check_private(&self, name: &str, info: Option<&KeyInfo>) -> Result<()> {
        if self.shared.wire.is_encrypted() {
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

    /// Reads the cookie and begins to ask a hook that awaits, where there is one and the cookie can be read.
    fn begin_judging(&self) -> Option<Judging> {
        let hook = self
            .shared
            .revocation
            .as_ref()
            .filter(|hook| hook.awaits())?;
        let cookies = match &*self.lock() {
            State::Untouched(Source::Fields(cookies)) => cookies.clone(),
            _ => return None,
        };
        // What can't be read now stays so: later in the request it would go unjudged.
        let (refusal, judging) = match loaded::read(&self.shared, &cookies, self.shared.wire.now())
        {
            Ok(record) => (Reason::Revoked.into(), hook.begin(record)),
            Err(refusal) => (refusal, None),
        };
        *self.lock() = State::Untouched(Source::Read(Err(refusal)));
        judging
    }

    fn judged(&self, judged: Result<(Verdict, Record), BoxError>) {
        let error = match judged {
            Ok((Verdict::Revoked, _)) => return,
            Ok((Verdict::Valid, record)) => {
                *self.lock() = State::Untouched(Source::Read(Ok(record)));
                return;
            }
            Err(error) => error,
        };
        *self.lock() = State::Unavailable;
        log::not_judged(self.name(), error.as_ref());
    }

    /// Empties the entry.
    fn close(&self) -> State {
        self.shared.store.leave();
        core::mem::replace(&mut *self.lock(), State::Ended)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps an entry open; dropping it closes the entry, whatever happened to the request.
pub(crate) struct Open {
    entry: Option<Arc<Entry>>,
}

impl Open {
    pub(crate) fn new(shared: &Arc<Shared>, cookies: Cookies, outer: Option<Arc<Entry>>) -> Self {
        shared.store.enter();
        let entry = Entry {
            seen: shared.retired.latest(),
            shared: Arc::clone(shared),
            outer,
            state: Mutex::new(State::Untouched(Source::Fields(cookies))),
        };
        Self {
            entry: Some(Arc::new(entry)),
        }
    }

    /// For a request whose entry belongs to a layer further out.
    pub(crate) fn elsewhere() -> Self {
        Self { entry: None }
    }

    pub(crate) fn key(&self) -> Option<RequestKey> {
        self.entry.clone().map(RequestKey)
    }

    /// A hook to await before the request goes on.
    pub(crate) fn begin_judging(&self) -> Option<Judging> {
        self.entry.as_ref()?.begin_judging()
    }

    pub(crate) fn judged(&self, judged: Result<(Verdict, Record), BoxError>) {
        if let Some(entry) = &self.entry {
            entry.judged(judged);
        }
    }

    /// Makes the entry the current one while the request's code runs.
    pub(crate) fn enter(&mut self) -> Option<Enter<'_>> {
        self.entry.is_some().then(|| Enter::new(&mut self.entry))
    }

    /// Closes the entry and says what the response carries; with `saves` false changes are dropped.
    pub(crate) fn finish(&mut self, saves: bool) -> Closing {
        let Some(mut entry) = self.entry.take() else {
            return Closing::default();
        };
        // Where nobody else has it left, no lock is needed.
        match Arc::get_mut(&mut entry) {
            Some(Entry {
                shared,
                seen,
                state,
                ..
            }) => {
                shared.store.leave();
                let state = state.get_mut().unwrap_or_else(PoisonError::into_inner);
                state.closing(shared, *seen, saves)
            }
            None => entry.close().closing(&entry.shared, entry.seen, saves),
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take()
            && let State::Live(live) = entry.close()
        {
            live.abandon(&entry.shared);
        }
    }
}
