//! One request's session, reached by every handle of that request, emptied when the request ends.

use std::sync::{Arc, PoisonError};

use super::answer::{Answer, Awaiting};
use super::commit::Decision;
use super::current::Enter;
use super::loaded::{Loaded, Renewal};
use super::loading::{Beginning, Source};
use super::outcome::Outcome;
use super::shared::{Seen, Shared};
#[cfg(feature = "store")]
use super::stored::Saved;
use crate::codec::{Incoming, Page, SetCookies};
use crate::error::{Error, Result};
use crate::key::KeyInfo;
use crate::log;
use crate::stripe::Counted;
#[cfg(any(test, feature = "testing"))]
use crate::stripe::Stripe;
use crate::sync::{Mutex, MutexGuard};

/// The entry's address in the extensions of a request.
#[derive(Clone)]
pub(crate) struct RequestKey(pub(crate) Arc<Entry>);

pub(crate) struct Entry {
    pub(super) shared: Counted<Shared>,
    /// The entry of the layer around this one.
    pub(super) outer: Option<Arc<Entry>>,
    /// What had happened to the layer's sessions before the request came.
    pub(super) seen: Seen,
    pub(super) page: Page,
    /// When the service was called, by the application's clock.
    #[cfg(feature = "store")]
    pub(super) begin: u64,
    /// One call that commits at a time.
    #[cfg(feature = "store")]
    pub(super) exact: tokio::sync::Mutex<()>,
    pub(super) state: Mutex<State>,
}

#[expect(
    clippy::large_enum_variant,
    reason = "it stands in the entry, the one allocation of a request"
)]
pub(super) enum State {
    /// Not touched yet.
    Unloaded(Source),
    Loaded(Loaded),
    /// The session could not be loaded or judged.
    Unavailable,
    /// A layer with other settings serves the same cookie further out.
    Conflict,
    Ended,
}

impl State {
    /// What the state comes to at the response head; `skipped` says why changes are dropped, where they are.
    pub(super) fn closing(
        &self,
        shared: &Shared,
        seen: Seen,
        page: &Page,
        skipped: Option<Outcome>,
    ) -> Closing {
        match self {
            Self::Loaded(loaded) => {
                let Decision {
                    set_cookies,
                    outcome,
                } = loaded.commit(shared, seen, skipped);
                shared.counters.closed(outcome);
                log::closed(shared.codec.name(), outcome.as_str());
                if set_cookies.is_some() && outcome != Outcome::Destroyed {
                    shared.warn_of_place(page);
                }
                Closing {
                    touched: true,
                    ended: matches!(outcome, Outcome::Destroyed | Outcome::Restarted),
                    set_cookies,
                    #[cfg(feature = "dev")]
                    outcome: Some(outcome),
                }
            }
            Self::Unavailable => Closing {
                touched: true,
                ..Closing::default()
            },
            Self::Unloaded(_) | Self::Conflict | Self::Ended => Closing::default(),
        }
    }
}

/// What the response head must carry.
#[derive(Default)]
pub(crate) struct Closing {
    /// Whether any call needed the record.
    pub(crate) touched: bool,
    pub(crate) set_cookies: Option<SetCookies>,
    /// Whether the session that came was ended.
    pub(crate) ended: bool,
    #[cfg(feature = "dev")]
    pub(crate) outcome: Option<Outcome>,
}

impl Entry {
    pub(super) fn new(
        shared: &Counted<Shared>,
        incoming: Incoming,
        outer: Option<Arc<Self>>,
    ) -> Self {
        Self {
            seen: shared.seen(),
            outer,
            page: incoming.page,
            #[cfg(feature = "store")]
            begin: shared.begin(),
            #[cfg(feature = "store")]
            exact: tokio::sync::Mutex::new(()),
            state: Mutex::new(State::Unloaded(Source::Cookies(incoming.cookies))),
            shared: shared.clone(),
        }
    }

    /// For calls outside of a request: nothing came, nothing will be sent, and no request is counted.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn outside(shared: &Arc<Shared>) -> Self {
        let shared = Counted::new(Stripe::mine(), Arc::clone(shared));
        let entry = Self::new(&shared, Incoming::default(), None);
        *entry.lock() = State::Unloaded(Source::nothing());
        entry
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
            State::Conflict => Err(Error::LayerConflict {
                cookie: self.name().to_owned(),
            }),
            _ => Err(Error::RequestEnded),
        }
    }

    /// Reads the cookie if the session is untouched.
    fn touch<'a>(&'a self, mut state: MutexGuard<'a, State>) -> Result<MutexGuard<'a, State>> {
        let State::Unloaded(source) = &mut *state else {
            return Ok(state);
        };
        let finished = if self.shared.runs_user_code() {
            let source = source.clone();
            drop(state);
            let finished = self.ask(&source);
            state = self.lock();
            if !matches!(*state, State::Unloaded(_)) {
                return Ok(state);
            }
            finished
        } else {
            source.take(&self.shared)
        };
        let refused = match finished {
            Ok(Beginning { loaded, refused }) => {
                #[cfg(feature = "dev")]
                let loaded = Loaded { refused, ..loaded };
                *state = State::Loaded(loaded);
                refused
            }
            Err(Error::Unavailable) => {
                *state = State::Unavailable;
                None
            }
            Err(error) => return Err(error),
        };
        let ahead = matches!(&*state, State::Loaded(loaded) if loaded.record.stamp.ahead);
        if refused.is_some() || ahead {
            drop(state);
            self.shared.warn_of_cookie(refused);
            state = self.lock();
        }
        Ok(state)
    }

    /// A hook that asks for the current session gets the one of the layer around: this one waits for its verdict.
    pub(super) fn ask(&self, source: &Source) -> Result<Beginning> {
        let mut outer = self.outer.clone();
        let _around = Enter::new(&mut outer);
        source.finish(&self.shared)
    }

    /// Whether it was opened by this layer or a clone of it.
    pub(crate) fn is_of(&self, shared: &Counted<Shared>) -> bool {
        self.shared.is_same(shared)
    }

    /// Whether a request of this kind shows nothing to the visitor.
    pub(crate) fn shows_nothing(&self) -> bool {
        self.page.is_head
    }

    /// What a change of this key's value leads to, where it may change whose session it is: the name of the declared
    /// owner or one of its aliases, also when it comes as text.
    pub(crate) fn renewal<'k>(
        &self,
        name: &str,
        info: Option<&'k KeyInfo>,
    ) -> Result<Option<Renewal<'k>>> {
        let declared = || {
            let owner = self.shared.owner?;
            let is_named = owner.name() == name || owner.aliases().contains(&name);
            is_named.then_some(owner)
        };
        let Some(owner) = info.filter(|info| info.is_owner()).or_else(declared) else {
            return Ok(None);
        };
        let stamp = self.shared.stamp_now()?;
        Ok(Some(Renewal { owner, stamp }))
    }

    /// Makes every call of the session an error.
    pub(super) fn conflict(&self) {
        *self.lock() = State::Conflict;
    }

    /// Refuses a `private` key, or the name of one, in a cookie that the visitor can read.
    pub(crate) fn check_private(&self, name: &str, info: Option<&KeyInfo>) -> Result<()> {
        if self.shared.is_secret() {
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

    /// Begins to load what must be awaited before the handler runs.
    pub(super) fn begin_loading(&self) -> Option<Awaiting> {
        if !self.shared.awaits() {
            return None;
        }
        let source = match &*self.lock() {
            State::Unloaded(source) => source.clone(),
            _ => return None,
        };
        let (meanwhile, awaiting) = source.begin(&self.shared);
        if let Some(meanwhile) = meanwhile {
            *self.lock() = State::Unloaded(meanwhile);
        }
        awaiting
    }

    /// Takes the answer, unless the request has ended by now.
    pub(super) fn loaded(&self, answer: Option<Box<Answer>>) {
        let mut state = self.lock();
        if matches!(*state, State::Unloaded(_)) {
            *state = State::Unloaded(Source::Awaited(answer));
        }
    }

    /// What a touched session comes to that stays as it came in a response that is not skipped.
    #[cfg(feature = "store")]
    pub(super) fn settled(&mut self, skipped: Option<Outcome>) -> Option<Saved> {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        match state {
            State::Loaded(loaded) if skipped.is_none() => loaded.settled(&self.shared),
            _ => None,
        }
    }

    /// Empties the entry.
    pub(super) fn close(&self) -> State {
        self.leave();
        core::mem::replace(&mut *self.lock(), State::Ended)
    }

    /// The request is live no more.
    pub(super) fn leave(&self) {
        self.shared.requests.leave(self.shared.stripe());
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
