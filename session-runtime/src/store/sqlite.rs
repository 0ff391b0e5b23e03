//! The store in one `SQLite` file: for one machine, with any number of processes.

mod operations;
mod schema;
mod slots;
mod worker;

use core::fmt;
use core::time::Duration;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rusqlite::Transaction;
use worker::Worker;

use super::{
    Create, Created, Destroyed, List, Listed, Loaded, Notice, Notices, OwnerId, Replace, Save,
    Saved, SessionStore, StoreError, StoreId, Touch, Touched,
};

/// How long a call waits for another process that writes.
const BUSY: Duration = Duration::from_millis(400);
/// How long a call waits for its answer, unless the store says otherwise.
const TRIP: Duration = Duration::from_millis(500);

/// Sessions in one `SQLite` file, which several processes of one machine may open. A clone is the same store.
///
/// The file is in WAL mode, and every write is on the disk before it is acknowledged. Two threads of the store's own
/// run the statements: one writes, one reads. Network file systems can't hold such a file.
///
/// ```no_run
/// use session_runtime::store::{SqliteStore, StoreError};
///
/// # async fn open() -> Result<(), StoreError> {
/// let store = SqliteStore::open("/var/lib/app/sessions.db").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteStore {
    path: Arc<PathBuf>,
    writer: Worker,
    reader: Worker,
    timeout: Duration,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl SqliteStore {
    /// Opens the file. Makes the file and its tables if they do not exist.
    ///
    /// [`StoreError::Unavailable`] if that fails, or if a newer version of the crate made the tables.
    /// [`StoreError::Corrupt`] if the file is not a database. An empty path and `:memory:` are refused: use
    /// [`MemoryStore`](super::MemoryStore).
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let name = path.as_os_str();
        if name.is_empty() || name == ":memory:" {
            return Err(StoreError::unavailable(
                "a SQLite store needs a file; in memory there is `MemoryStore`",
            ));
        }
        let path = Arc::new(path);
        let writer = Worker::start("session-writer", Arc::clone(&path), schema::open).await?;
        let reader = Worker::start("session-reader", Arc::clone(&path), schema::connect).await?;
        Ok(Self {
            path,
            writer,
            reader,
            timeout: TRIP,
            clock: Arc::new(SystemTime::now),
        })
    }

    /// Sets how long a call waits for an answer, for slow disks; 500 ms by default.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Takes the time from `clock` instead of the system, for tests.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            ..self
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl SessionStore for SqliteStore {
    async fn load(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        let (id, now) = (*id, (self.clock)());
        self.reader
            .ask(self.timeout, move |connection| {
                operations::load(connection, &id, now)
            })
            .await
    }

    async fn create(&self, create: &Create) -> Result<Created, StoreError> {
        let (create, now) = (create.clone(), (self.clock)());
        self.writer
            .write(self.timeout, move |transaction| {
                operations::create(transaction, &create, now)
            })
            .await
    }

    async fn save(&self, save: &Save) -> Result<Saved, StoreError> {
        let (save, now) = (save.clone(), (self.clock)());
        self.writer
            .write(self.timeout, move |transaction| {
                operations::save(transaction, &save, now)
            })
            .await
    }

    async fn replace(&self, replace: &Replace) -> Result<Saved, StoreError> {
        let (replace, now) = (replace.clone(), (self.clock)());
        self.writer
            .write(self.timeout, move |transaction| {
                operations::replace(transaction, &replace, now)
            })
            .await
    }

    async fn touch(&self, touch: &Touch) -> Result<Touched, StoreError> {
        let (touch, now) = (touch.clone(), (self.clock)());
        self.writer
            .write(self.timeout, move |transaction| {
                operations::touch(transaction, &touch, now)
            })
            .await
    }

    async fn destroy(&self, id: &StoreId) -> Result<Destroyed, StoreError> {
        let (id, now) = (*id, (self.clock)());
        self.writer
            .write(self.timeout, move |transaction| {
                operations::destroy(transaction, &id, now)
            })
            .await
    }

    async fn list(&self, list: &List) -> Result<Vec<Listed>, StoreError> {
        let list = list.clone();
        self.reader
            .ask(self.timeout, move |connection| {
                operations::list(connection, &list)
            })
            .await
    }

    async fn destroy_owner(&self, owner: &OwnerId, except: &[StoreId]) -> Result<u64, StoreError> {
        let (owner, except, clock) = (*owner, except.to_vec(), Arc::clone(&self.clock));
        let end = move |transaction: &Transaction<'_>| {
            operations::destroy_owner(transaction, &owner, &except, clock())
        };
        self.writer.write(self.timeout, end).await
    }

    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        let (notice, clock) = (notice.clone(), Arc::clone(&self.clock));
        self.writer
            .write(self.timeout, move |transaction| {
                operations::publish(transaction, &notice, clock())
            })
            .await
    }

    async fn published(&self, since: Option<SystemTime>) -> Result<Notices, StoreError> {
        let now = (self.clock)();
        self.reader
            .ask(self.timeout, move |connection| {
                operations::published(connection, since, now)
            })
            .await
    }

    async fn sweep(&self) -> Result<u64, StoreError> {
        let mut swept = 0;
        loop {
            let now = (self.clock)();
            let step = self
                .writer
                .write(self.timeout, move |transaction| {
                    operations::sweep(transaction, now)
                })
                .await?;
            swept += step.sessions;
            if step.is_last {
                return Ok(swept);
            }
        }
    }
}

#[cfg(test)]
mod tests;
