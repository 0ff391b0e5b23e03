//! What a server knows to be revoked, in shards, so that requests rarely meet at one lock.

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
    /// Owners in all shards: while there are none, nobody's hash need be made.
    owners: AtomicUsize,
    /// The shard that is swept next.
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
    /// The first halves of ids, which are hashes, and the second until which each is kept.
    ids: HashMap<SessionId, u64>,
    owners: HashMap<OwnerId, Vec<Ended>>,
}

/// An end of an owner's sessions. Times are the engine's, in seconds since 1970.
struct Ended {
    write: WriteId,
    at: u64,
    until: u64,
    except: Vec<StoreId>,
}

impl Ended {
    /// Whether it refuses all that the other one does.
    fn covers(&self, other: &Self) -> bool {
        let spares_no_more = self.except.iter().all(|id| other.except.contains(id));
        other.at <= self.at && other.until <= self.until && spares_no_more
    }
}

impl Revoked {
    /// Adds what was read, and forgets in some places what is over.
    pub(super) fn add(&self, read: &Notices) {
        for (at, notice) in &read.notices {
            self.add_one(*at, notice);
        }
        self.sweep_one(seconds(read.read_at));
    }

    /// Before its time is known.
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

    /// Whether the owner's sessions were ended at or after this second, but for this one.
    pub(super) fn has_ended(&self, owner: &OwnerId, born: u64, id: &StoreId) -> bool {
        let shard = self.shards[place(owner.as_bytes())].read();
        let shard = shard.unwrap_or_else(PoisonError::into_inner);
        shard.owners.get(owner).is_some_and(|all| {
            let refuses = |ended: &Ended| born <= ended.at && !ended.except.contains(id);
            all.iter().any(refuses)
        })
    }

    /// Forgets what is over in one shard, the next one at the next call.
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
        // A wave of revocations does not hold its memory for ever.
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
