//! A memory store that fails as it is told to, and in whose calls other requests come between.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use tokio::task::yield_now;

use crate::store::{
    Create, Created, Destroyed, List, Listed, Loaded, MemoryStore, Notice, Notices, OwnerId,
    Replace, Save, Saved, SessionStore, StoreError, StoreId, Touch, Touched,
};

pub(crate) type Meanwhile = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What happens to one call.
pub(crate) enum Turn {
    Works,
    /// It does not reach the engine, and that is known.
    Unreached,
    /// It does not reach the engine, and that is not known.
    Lost,
    /// It is done, and its answer is lost.
    Unanswered,
    /// It is done, its answer is lost, and before anybody learns of it something else happens.
    UnansweredThen(Meanwhile),
    /// Something else happens just before it.
    After(Meanwhile),
    /// It never answers.
    Hangs,
}

#[derive(Clone)]
pub(crate) struct Scripted {
    pub(crate) engine: MemoryStore,
    turns: Arc<Mutex<VecDeque<Turn>>>,
    /// What is done when there are no more turns.
    always: Option<Arc<dyn Fn() -> Turn + Send + Sync>>,
    calls: Arc<Mutex<Vec<&'static str>>>,
}

impl Scripted {
    pub(crate) fn new(engine: MemoryStore) -> Self {
        Self {
            engine,
            turns: Arc::default(),
            always: None,
            calls: Arc::default(),
        }
    }

    /// The same script over another engine.
    pub(crate) fn of(self, engine: &MemoryStore) -> Self {
        Self {
            engine: engine.clone(),
            ..self
        }
    }

    pub(crate) fn always(self, turn: impl Fn() -> Turn + Send + Sync + 'static) -> Self {
        Self {
            always: Some(Arc::new(turn)),
            ..self
        }
    }

    /// The turns of the next calls; the ones after them work.
    pub(crate) fn next(&self, turns: impl IntoIterator<Item = Turn>) {
        self.calls.lock().unwrap().clear();
        *self.turns.lock().unwrap() = turns.into_iter().collect();
    }

    /// The calls since then.
    pub(crate) fn calls(&self) -> Vec<&'static str> {
        self.calls.lock().unwrap().clone()
    }

    async fn play<T>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.calls.lock().unwrap().push(name);
        let turn = self.turns.lock().unwrap().pop_front();
        let turn = turn
            .or_else(|| self.always.as_ref().map(|turn| turn()))
            .unwrap_or(Turn::Works);
        yield_now().await;
        match turn {
            Turn::Unreached => return Err(StoreError::unavailable("not reached")),
            Turn::Lost => return Err(StoreError::in_doubt("lost")),
            Turn::Hangs => core::future::pending().await,
            Turn::After(meanwhile) => meanwhile.await,
            Turn::Unanswered => {
                call.await?;
                return Err(StoreError::in_doubt("unanswered"));
            }
            Turn::UnansweredThen(meanwhile) => {
                call.await?;
                meanwhile.await;
                return Err(StoreError::in_doubt("unanswered"));
            }
            Turn::Works => {}
        }
        let answer = call.await;
        yield_now().await;
        answer
    }
}

impl SessionStore for Scripted {
    async fn load(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        self.play("load", self.engine.load(id)).await
    }

    async fn create(&self, create: &Create) -> Result<Created, StoreError> {
        self.play("create", self.engine.create(create)).await
    }

    async fn save(&self, save: &Save) -> Result<Saved, StoreError> {
        self.play("save", self.engine.save(save)).await
    }

    async fn replace(&self, replace: &Replace) -> Result<Saved, StoreError> {
        self.play("replace", self.engine.replace(replace)).await
    }

    async fn touch(&self, touch: &Touch) -> Result<Touched, StoreError> {
        self.play("touch", self.engine.touch(touch)).await
    }

    async fn destroy(&self, id: &StoreId) -> Result<Destroyed, StoreError> {
        self.play("destroy", self.engine.destroy(id)).await
    }

    async fn list(&self, list: &List) -> Result<Vec<Listed>, StoreError> {
        self.play("list", self.engine.list(list)).await
    }

    async fn destroy_owner(&self, owner: &OwnerId, except: &[StoreId]) -> Result<u64, StoreError> {
        self.play("destroy_owner", self.engine.destroy_owner(owner, except))
            .await
    }

    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        self.play("publish", self.engine.publish(notice)).await
    }

    async fn published(&self, since: Option<SystemTime>) -> Result<Notices, StoreError> {
        self.play("published", self.engine.published(since)).await
    }

    async fn sweep(&self) -> Result<u64, StoreError> {
        self.play("sweep", self.engine.sweep()).await
    }
}
