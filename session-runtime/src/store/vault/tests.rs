//! The save loop, loading and ending, with a store that fails as it is told to.

mod doubt;
mod dropped;
mod ending;
mod exact;
mod loading;
mod saving;
pub(crate) mod scripted;

use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use scripted::{Meanwhile, Scripted};

use super::{Base, Committed, Found, NewId, Ours, Times, Vault, Way};
use crate::error::Error;
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::store::MemoryStore;
use crate::store::conformance::Clock;
use crate::store::rest::Mode;

pub(crate) const HOUR: Duration = Duration::from_secs(3_600);

/// A layer with an owner key at a store under our control.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) store: Scripted,
    pub(crate) vault: Arc<Vault>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|store| store, |vault| vault)
    }

    pub(crate) fn with(
        store: impl FnOnce(Scripted) -> Scripted,
        vault: impl FnOnce(Vault) -> Vault,
    ) -> Self {
        let clock = Clock::new();
        let time = clock.clone();
        let engine = MemoryStore::new().with_clock(move || time.now());
        let store = store(Scripted::new(engine));
        let owner = KeyInfo::new("uid").with_aliases(&["user"]);
        let layer = Vault::new(store.clone(), "sid", "", Mode::Plain).expect("short names");
        let layer = vault(layer.with_owner(owner).expect("a short name"));
        Self {
            clock,
            store,
            vault: Arc::new(layer),
        }
    }

    /// The same store behind another layer: another server, whose calls are not told.
    pub(crate) fn elsewhere(&self) -> Self {
        let store = Scripted::new(self.store.engine.clone());
        let vault = Vault::new(store.clone(), "sid", "", Mode::Plain).expect("short names");
        let vault = vault
            .with_owner(KeyInfo::new("uid").with_aliases(&["user"]))
            .expect("a short name");
        Self {
            clock: self.clock.clone(),
            store,
            vault: Arc::new(vault),
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    pub(crate) fn times(&self) -> Times {
        Times {
            begin: self.now(),
            now: self.now(),
            expires_at: None,
        }
    }

    pub(crate) fn new_id(&self) -> NewId {
        NewId {
            sid: SessionId::random().expect("random bytes"),
            born: self.now(),
            expires_at: self.now() + HOUR,
        }
    }

    /// A session that holds this, as the request that made it knows it.
    pub(crate) async fn session(&self, text: &str) -> Base {
        done(
            self.vault
                .save(Way::Create(self.new_id()), ours(text), self.times())
                .await,
        )
    }

    pub(crate) async fn save(&self, base: &Base, text: &str) -> Result<Committed, Error> {
        self.vault
            .save(Way::Save(base), ours(text), self.times())
            .await
    }

    pub(crate) async fn renew(
        &self,
        base: &Base,
        new: NewId,
        text: &str,
    ) -> Result<Committed, Error> {
        self.vault
            .save(Way::Renew(base, new), ours(text), self.times())
            .await
    }

    pub(crate) async fn load(&self, sid: &SessionId) -> Found {
        self.vault
            .load(sid, self.now())
            .await
            .expect("the store is there")
    }

    /// What another server finds.
    pub(crate) async fn text(&self, sid: &SessionId) -> Option<String> {
        match self.elsewhere().load(sid).await {
            Found::Session(base) => Some(String::from_utf8(base.text().to_vec()).expect("text")),
            Found::Renewed | Found::Nothing => None,
        }
    }

    /// Another request that loads the session, makes it this and saves it.
    pub(crate) fn meanwhile(&self, base: &Base, text: &str) -> Meanwhile {
        let (world, base, text) = (self.elsewhere(), base.clone(), text.to_owned());
        Box::pin(async move {
            done(world.save(&base, &text).await);
        })
    }
}

pub(crate) fn ours(text: &str) -> Ours<'_> {
    Ours {
        text: text.as_bytes(),
        shown: &[],
        label: None,
    }
}

#[track_caller]
pub(crate) fn done(committed: Result<Committed, Error>) -> Base {
    match committed {
        Ok(Committed::Done(base)) => *base,
        other => panic!("it was not done: {other:?}"),
    }
}

#[track_caller]
fn session(found: Found) -> Base {
    match found {
        Found::Session(base) => *base,
        other => panic!("there is no session: {other:?}"),
    }
}
