//! How sessions end, and how their ends move.

use core::time::Duration;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::{Base, Vault};
use crate::error::Result;

use crate::store::{OwnerId, StoreError, StoreId, Touch, Touched, log};

/// How long an ending may take.
const BOUND: Duration = Duration::from_secs(5);
/// Ids that one session is followed through: more than it can get in a minute by renewals that anybody makes.
const MAX_IDS: usize = 256;

impl Vault {
    /// Ends the session of this id and those that it was renewed to within the last minute; whether there was one.
    ///
    /// Once begun it goes on to its end, also where this future is dropped.
    pub(crate) async fn destroy(self: &Arc<Self>, id: StoreId) -> Result<bool> {
        let vault = Arc::clone(self);
        let ended = in_own_task(async move { vault.end(id).await }).await;
        ended.map_err(|error| self.failed(&error))
    }

    /// Ends the sessions of these ids as [`Vault::destroy`] does, each of them where one fails too.
    pub(crate) async fn destroy_all(self: &Arc<Self>, ids: Vec<StoreId>) -> Result<()> {
        let vault = Arc::clone(self);
        let ended = in_own_task(async move {
            let mut result = Ok(());
            for id in ids {
                let ended = vault.end(id).await;
                result = result.and(ended.map(drop));
            }
            result
        });
        ended.await.map_err(|error| self.failed(&error))
    }

    /// Ends the sessions of this owner; how many.
    pub(crate) async fn destroy_owner(
        self: &Arc<Self>,
        owner: OwnerId,
        except: Vec<StoreId>,
    ) -> Result<u64> {
        let vault = Arc::clone(self);
        let ended = in_own_task(async move {
            let until = Instant::now() + BOUND;
            let written = vault
                .write(until, || vault.store.destroy_owner(&owner, &except))
                .await?;
            Ok(written.answer)
        });
        ended.await.map_err(|error| self.failed(&error))
    }

    /// Moves the end of a session on; whether its cookie may be issued anew. A failure is let go: the next request will
    /// try.
    pub(crate) async fn touch(&self, base: &Base, now: SystemTime, expires_at: SystemTime) -> bool {
        let touch = Touch {
            id: base.id,
            expected: base.version(),
            seen_at: now,
            expires_at,
        };
        let until = Instant::now() + BOUND;
        match self.write(until, || self.store.touch(&touch)).await {
            Ok(written) => written.answer == Touched::Done,
            Err(error) => {
                self.counts.unavailable.one();
                log::not_touched(&self.cookie, &error);
                false
            }
        }
    }

    /// Ends a row that nobody has a cookie for, in a task of its own; where that fails, it ends with its time.
    pub(super) fn end_later(self: &Arc<Self>, id: StoreId) {
        let vault = Arc::clone(self);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { vault.end(id).await.is_ok() });
        }
    }

    async fn end(&self, id: StoreId) -> Result<bool, StoreError> {
        let until = Instant::now() + BOUND;
        let mut was_there = false;
        let mut seen = HashSet::from([id]);
        let mut left = vec![id];
        while let Some(id) = left.pop() {
            let written = self.write(until, || self.store.destroy(&id)).await?;
            was_there |= written.answer.was_there;
            let successors = written.answer.successors.into_iter();
            left.extend(successors.filter(|id| seen.len() < MAX_IDS && seen.insert(*id)));
        }
        Ok(was_there)
    }
}

/// Runs the work in a task that nobody cancels; outside of a runtime, here.
pub(crate) async fn in_own_task<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    match Handle::try_current() {
        Ok(runtime) => runtime
            .spawn(work)
            .await
            .unwrap_or_else(|error| Err(StoreError::in_doubt(error))),
        Err(_) => work.await,
    }
}
