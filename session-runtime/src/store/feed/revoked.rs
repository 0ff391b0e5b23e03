//! The revocations that a server knows, in shards, so that requests rarely wait for one lock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};
use std::time::SystemTime;

use crate::id::SessionId;
use crate::store::{Notice, Notices, OwnerId, StoreId, Subject, WriteId};
use crate::time::seconds;

const SHARDS: usize = 64;

pub(super) struct Revoked {
    shards: [RwLock<Shard>; SHARDS],
    /// The number of owners in all shards. While it is 0, no owner's hash is computed.
    owners: AtomicUsize,
    /// The number of sweeps so far, which selects the next shard.
    turn: AtomicUsize,
}

impl Default for Revoked {
    fn default() -> Self {
        Self {
            shards: core::array::from_fn(|_| RwLock::default()),
            owners: AtomicUsize::new(0),
            turn: AtomicUsize::new(0),
        }
    }
}

#[derive(Default)]
struct Shard {
    /// For the first half of each id, the second until which it is kept. Ids are hashes, so half of one is enough.
    ids: HashMap<SessionId, u64>,
    owners: HashMap<OwnerId, Vec<Ended>>,
}

/// A revocation of an owner's sessions. Times are the engine's, in seconds since 1970.
struct Ended {
    write: WriteId,
    at: u64,
    until: u64,
    except: Vec<StoreId>,
}

impl Ended {
    /// Whether it refuses every session that the other revocation refuses.
    fn covers(&self, other: &Self) -> bool {
        let spares_no_more = self.except.iter().all(|id| other.except.contains(id));
        other.at <= self.at && other.until <= self.until && spares_no_more
    }
}

impl Revoked {
    /// Adds the notices that were read, and removes expired ones from one shard.
    pub(super) fn add(&self, read: &Notices) {
        for (at, notice) in &read.notices {
            self.add_one(*at, notice);
        }
        self.sweep_one(seconds(read.read_at));
    }

    /// Adds the id before the engine's time of its notice is known.
    pub(super) fn add_id(&self, id: &StoreId) {
        let mut shard = self.shard(id.as_bytes());
        shard.ids.entry(id.shown()).or_insert(u64::MAX);
    }

    fn add_one(&self, at: SystemTime, notice: &Notice) {
        let until = at.checked_add(notice.keep_for).map_or(u64::MAX, seconds);
        match &notice.subject {
            Subject::Id(id) => {
                self.shard(id.as_bytes()).ids.insert(id.shown(), until);
            }
            Subject::Owner { owner, except } => {
                let new = Ended {
                    write: notice.write,
                    at: seconds(at),
                    until,
                    except: except.clone(),
                };
                let mut shard = self.shard(owner.as_bytes());
                let all = shard.owners.entry(*owner).or_insert_with(|| {
                    self.owners.fetch_add(1, Ordering::Release);
                    Vec::new()
                });
                let is_known = |known: &Ended| known.write == new.write || known.covers(&new);
                if !all.iter().any(is_known) {
                    all.retain(|old| !new.covers(old));
                    all.push(new);
                }
            }
        }
    }

    pub(super) fn has_id(&self, id: &StoreId) -> bool {
        let shard = self.shards[place(id.as_bytes())].read();
        let shard = shard.unwrap_or_else(PoisonError::into_inner);
        shard.ids.contains_key(&id.shown())
    }

    /// Whether any owner's sessions were ended.
    pub(super) fn has_owners(&self) -> bool {
        self.owners.load(Ordering::Acquire) > 0
    }

    /// Whether a revocation ended the owner's sessions that began by this second, without sparing this id.
    pub(super) fn has_ended(&self, owner: &OwnerId, born: u64, id: &StoreId) -> bool {
        let shard = self.shards[place(owner.as_bytes())].read();
        let shard = shard.unwrap_or_else(PoisonError::into_inner);
        shard.owners.get(owner).is_some_and(|all| {
            let refuses = |ended: &Ended| born <= ended.at && !ended.except.contains(id);
            all.iter().any(refuses)
        })
    }

    /// Removes expired revocations from one shard. The next call sweeps the next shard.
    fn sweep_one(&self, now: u64) {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % SHARDS;
        let mut shard = write(&self.shards[turn]);
        shard.ids.retain(|_, until| now < *until);
        let before = shard.owners.len();
        shard.owners.retain(|_, all| {
            all.retain(|ended| now < ended.until);
            !all.is_empty()
        });
        let forgotten = before - shard.owners.len();
        self.owners.fetch_sub(forgotten, Ordering::Release);
        // Gives back memory after a wave of revocations.
        if shard.ids.capacity() > 4 * shard.ids.len().max(64) {
            shard.ids.shrink_to_fit();
        }
    }

    fn shard(&self, hash: &[u8; 32]) -> RwLockWriteGuard<'_, Shard> {
        write(&self.shards[place(hash)])
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        let shards = self.shards.iter().map(write);
        shards
            .map(|shard| shard.ids.len() + shard.owners.values().map(Vec::len).sum::<usize>())
            .sum()
    }
}

fn write(shard: &RwLock<Shard>) -> RwLockWriteGuard<'_, Shard> {
    shard.write().unwrap_or_else(PoisonError::into_inner)
}

fn place(hash: &[u8; 32]) -> usize {
    usize::from(hash[31]) % SHARDS
}
