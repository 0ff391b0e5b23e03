//! The store in the memory of one process: for tests, and for services that may lose all sessions when they restart.

mod shelves;

use core::cmp::Reverse;
use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use shelves::Shelves;

use super::protocol::{self, Slot, listed};
use super::{
    Create, Created, Destroyed, List, Listed, Loaded, Notice, Notices, OwnerId, Replace, Save,
    Saved, SessionStore, StoreError, StoreId, Touch, Touched,
};

/// Sessions that are kept unless [`MemoryStore::with_max_sessions`] says otherwise.
const MAX_SESSIONS: usize = 100_000;

/// The sessions of one process, lost with it. A clone is the same store.
///
/// It holds at most 100,000 sessions, each as large as the layer allows. A new one takes the place of those that are
/// over, or else of the one without an owner that was seen the longest time ago. Where every session has an owner, a
/// new one is [`StoreError::Unavailable`].
///
/// ```
/// use session_runtime::store::MemoryStore;
///
/// let store = MemoryStore::new().with_max_sessions(1_000_000);
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    shelves: Arc<Mutex<Shelves>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self {
            clock: Arc::new(SystemTime::now),
            shelves: Arc::new(Mutex::new(Shelves::new(MAX_SESSIONS))),
        }
    }

    /// Holds at most so many sessions, at least one. Those that are there stay.
    #[must_use]
    pub fn with_max_sessions(self, sessions: usize) -> Self {
        self.lock().max_sessions = sessions.max(1);
        self
    }

    /// Takes the time from `clock` instead of the system, for tests. Clones that were made before keep theirs.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            ..self
        }
    }

    /// How many sessions are held; some of them may be over.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().sessions()
    }

    /// Whether no session is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Shelves> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is there, with the time. The clock is asked without the lock, since it may be the user's code.
    fn open(&self) -> (MutexGuard<'_, Shelves>, SystemTime) {
        let now = (self.clock)();
        (self.lock(), now)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl SessionStore for MemoryStore {
    async fn load(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        let (shelves, now) = self.open();
        Ok(protocol::load(shelves.get(id), now))
    }

    async fn create(&self, create: &Create) -> Result<Created, StoreError> {
        let (mut shelves, now) = self.open();
        let step = protocol::create(shelves.get(&create.id), create, now, |owner| {
            shelves.place(owner)
        });
        if let (_, Some(slot)) = step {
            shelves.make_room(now)?;
            shelves.put(create.id, slot);
        }
        Ok(step.0)
    }

    async fn save(&self, save: &Save) -> Result<Saved, StoreError> {
        let (mut shelves, now) = self.open();
        let (saved, slot) = protocol::save(shelves.get(&save.id), save, now, |owner| {
            shelves.place(owner)
        });
        shelves.put_if(save.id, slot);
        Ok(saved)
    }

    async fn replace(&self, replace: &Replace) -> Result<Saved, StoreError> {
        let (mut shelves, now) = self.open();
        let slots = (shelves.get(&replace.old), shelves.get(&replace.new));
        let (saved, slots) = protocol::replace(slots, replace, now, |owner| shelves.place(owner));
        if let Some((old, new)) = slots {
            if matches!(old, Slot::Retired(..)) {
                shelves.make_room_beside(now, &replace.old)?;
            }
            shelves.put(replace.old, old);
            shelves.put(replace.new, new);
        }
        Ok(saved)
    }

    async fn touch(&self, touch: &Touch) -> Result<Touched, StoreError> {
        let (mut shelves, now) = self.open();
        let (touched, slot) = protocol::touch(shelves.get(&touch.id), touch, now);
        shelves.put_if(touch.id, slot);
        Ok(touched)
    }

    async fn destroy(&self, id: &StoreId) -> Result<Destroyed, StoreError> {
        let (mut shelves, now) = self.open();
        let (destroyed, slot) = protocol::destroy(shelves.get(id), now);
        shelves.put(*id, slot);
        shelves.forget_ended(now);
        Ok(destroyed)
    }

    async fn list(&self, list: &List) -> Result<Vec<Listed>, StoreError> {
        let mut found: Vec<Listed> = {
            let shelves = self.lock();
            let rows = shelves.of_owner(&list.owner);
            rows.filter(|(_, row)| row.expires_at > list.now)
                .map(|(id, row)| listed(*id, row))
                .collect()
        };
        found.sort_by_key(|listed| Reverse((listed.born, listed.id)));
        found.truncate(list.limit);
        Ok(found)
    }

    async fn destroy_owner(&self, owner: &OwnerId, except: &[StoreId]) -> Result<u64, StoreError> {
        let (mut shelves, now) = self.open();
        shelves.set_place(*owner, now, except);
        let ids: Vec<StoreId> = shelves.of_owner(owner).map(|(id, _)| *id).collect();
        let mut ended = 0;
        for id in ids.iter().filter(|id| !except.contains(id)) {
            let (_, slot) = protocol::destroy(shelves.get(id), now);
            shelves.put(*id, slot);
            ended += 1;
        }
        shelves.forget_ended(now);
        Ok(ended)
    }

    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        let (mut shelves, now) = self.open();
        shelves.publish(notice, now);
        Ok(())
    }

    async fn published(&self, since: Option<SystemTime>) -> Result<Notices, StoreError> {
        let (shelves, now) = self.open();
        Ok(Notices {
            read_at: now,
            notices: shelves.published(since, now),
        })
    }

    async fn sweep(&self) -> Result<u64, StoreError> {
        let (mut shelves, now) = self.open();
        Ok(shelves.sweep(now))
    }
}

#[cfg(test)]
mod tests;
