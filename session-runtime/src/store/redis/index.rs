//! The sessions of an owner: an index beside the rows. It may have more ids than there are sessions.

use tokio::task::JoinSet;

use super::link::Trip;
use super::{RedisStore, encoding, scripts};
use crate::store::{List, Listed, Loaded, OwnerId, Row, StoreError, StoreId};

/// The most concurrent calls of one operation.
const AT_ONCE: usize = 64;

/// An id and when it was entered, in milliseconds as text.
#[derive(Clone)]
pub(super) struct Filed {
    id: StoreId,
    entered: Vec<u8>,
}

/// The result of the check of one entry.
enum Checked {
    Session(Row),
    Stale { was_removed: bool },
    Other,
}

impl RedisStore {
    async fn entries(
        &self,
        key: &[u8],
        trip: Trip,
        arguments: &[&[u8]],
    ) -> Result<Vec<Filed>, StoreError> {
        let answer = self.run(&scripts::MEMBERS, key, trip, arguments).await?;
        let pairs = answer.get(1..).unwrap_or_default().chunks_exact(2);
        pairs
            .map(|pair| {
                Ok(Filed {
                    id: StoreId::from_bytes(encoding::fixed(&pair[0])?),
                    entered: pair[1].clone(),
                })
            })
            .collect()
    }

    async fn prune(&self, key: &[u8], stale: &[Filed]) -> Result<(), StoreError> {
        for some in stale.chunks(AT_ONCE) {
            let mut arguments: Vec<&[u8]> = Vec::new();
            for entry in some {
                arguments.extend([entry.id.as_bytes().as_slice(), &entry.entered]);
            }
            self.run(&scripts::PRUNE, key, Trip::Write, &arguments)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn list_of(&self, list: &List) -> Result<Vec<Listed>, StoreError> {
        let owner = list.owner;
        let key = self.owner_key(&owner);
        let entries = self.entries(&key, Trip::Read, &[b"", b""]).await?;
        let found = self
            .of_each(entries, move |store, entry| async move {
                store.look(&entry, &owner).await
            })
            .await?;
        let (mut listed, mut stale) = (Vec::new(), Vec::new());
        for (entry, found) in found {
            match found {
                Checked::Session(row) if row.expires_at > list.now => {
                    listed.push(crate::store::protocol::listed(entry.id, &row));
                }
                Checked::Stale { .. } => stale.push(entry),
                _ => {}
            }
        }
        listed.sort_by_key(|one| core::cmp::Reverse((one.born, one.id)));
        listed.truncate(list.limit);
        // A failure to clean the index does not make the list wrong.
        let _cleaned = self.prune(&key, &stale).await;
        Ok(listed)
    }

    async fn look(&self, entry: &Filed, owner: &OwnerId) -> Result<Checked, StoreError> {
        match self.load_row(&entry.id).await {
            Ok(Loaded::Row(row)) if row.owner == Some(*owner) => Ok(Checked::Session(row)),
            Ok(_) => Ok(Checked::Stale { was_removed: false }),
            Err(StoreError::Corrupt(_)) => Ok(Checked::Other),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn end_all(
        &self,
        owner: &OwnerId,
        except: &[StoreId],
    ) -> Result<u64, StoreError> {
        let (key, owner) = (self.owner_key(owner), *owner);
        let spared = encoding::joined(except);
        let mut entries = self.entries(&key, Trip::Write, &[b"end", &spared]).await?;
        entries.retain(|entry| !except.contains(&entry.id));
        let ended = self
            .of_each(entries, move |store, entry| async move {
                let whose: [&[u8]; 2] = [owner.as_bytes(), &entry.entered];
                let ended = store.end(&entry.id, &whose).await?;
                Ok(ended.was_there)
            })
            .await?;
        let ended = ended.iter().filter(|(_, was_there)| *was_there).count();
        Ok(u64::try_from(ended).unwrap_or(u64::MAX))
    }

    /// Removes stale entries from one index. Returns the number of removed rows.
    pub(super) async fn sweep_owner(&self, key: &[u8]) -> Result<u64, StoreError> {
        let hash = key.get(self.prefix.len() + 1..key.len().saturating_sub(1));
        let Some(owner) = hash.and_then(super::answers::unhex) else {
            return Ok(0);
        };
        let entries = self.entries(key, Trip::Read, &[b"", b""]).await?;
        let found = self
            .of_each(entries, move |store, entry| async move {
                let key = store.row_key(&entry.id);
                let answer = store
                    .run(&scripts::REAP, &key, Trip::Write, &[&owner])
                    .await?;
                Ok(match answer.as_slice() {
                    [word, removed] if word == b"stale" => Checked::Stale {
                        was_removed: removed == b"1",
                    },
                    _ => Checked::Other,
                })
            })
            .await?;
        let (mut stale, mut removed) = (Vec::new(), 0);
        for (entry, found) in found {
            if let Checked::Stale { was_removed } = found {
                removed += u64::from(was_removed);
                stale.push(entry);
            }
        }
        if stale.is_empty() {
            self.run(&scripts::PRUNE, key, Trip::Write, &[]).await?;
        }
        self.prune(key, &stale).await?;
        Ok(removed)
    }

    /// Calls `step` for every entry, some at once. The first failure ends it.
    async fn of_each<T, F>(
        &self,
        entries: Vec<Filed>,
        step: impl Fn(Self, Filed) -> F + Copy + Send + 'static,
    ) -> Result<Vec<(Filed, T)>, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let mut done = Vec::with_capacity(entries.len());
        let mut under_way = JoinSet::new();
        let mut waiting = entries.into_iter();
        loop {
            while under_way.len() < AT_ONCE {
                let Some(entry) = waiting.next() else { break };
                let store = self.clone();
                under_way
                    .spawn(async move { step(store, entry.clone()).await.map(|t| (entry, t)) });
            }
            match under_way.join_next().await {
                None => return Ok(done),
                Some(one) => done.push(one.map_err(StoreError::unavailable)??),
            }
        }
    }
}
