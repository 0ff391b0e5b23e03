//! The sessions of an owner, for handlers and jobs: list them, end them, sweep what is over.

mod info;

use core::fmt;
use core::time::Duration;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::SystemTime;

pub use info::SessionInfo;
use tokio::time::sleep;

use super::vault::Vault;
use super::{Ending, Loaded, OwnerId, Stats, StoreId, log};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::record::encode;

/// Sessions that a list shows.
const LISTED: usize = 1_000;
/// How often a sweeper sweeps.
const PERIOD: Duration = Duration::from_secs(300);
/// Ids that one session is followed through by renewals.
const MAX_IDS: usize = 64;

/// The sessions in a layer's store: what a page "your devices", a changed password or a job does with them.
///
/// `key` is the layer's `owner` key, which says whose session it is; any other is [`Error::NotOwner`]. A store that
/// can't be reached is [`Error::Unavailable`], and then nothing is known of what was done: do it again.
///
/// Sessions whose payload has no owner are not found here; [`Sessions::revoke`] ends them by their id.
///
/// ```
/// use session_runtime::{Key, Result, store::Sessions};
///
/// const UID: Key<i64> = Key::new("uid"); // of a derived struct: `Account::UID`
///
/// async fn devices(sessions: &Sessions, uid: i64) -> Result<Vec<String>> {
///     let sessions = sessions.list(UID, &uid).await?;
///     let line = |info: &session_runtime::store::SessionInfo| {
///         format!("{} {}", info.id(), info.label().unwrap_or("a browser"))
///     };
///     Ok(sessions.iter().map(line).collect())
/// }
/// ```
#[derive(Clone)]
pub struct Sessions {
    vault: Arc<Vault>,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl Sessions {
    pub(crate) fn new(vault: Arc<Vault>, clock: Arc<dyn Fn() -> SystemTime + Send + Sync>) -> Self {
        Self { vault, clock }
    }

    /// The owner's sessions, the newest 1,000, newest birth first.
    pub async fn list<T>(&self, key: Key<T>, owner: &T) -> Result<Vec<SessionInfo>> {
        let owner = self.owner(&key, owner)?;
        let listed = self.vault.list(owner, (self.clock)(), LISTED).await?;
        Ok(listed.into_iter().map(SessionInfo::new).collect())
    }

    /// Ends the session of this id if it is this owner's; whether there was one. For ids that a browser sends: nobody
    /// ends another's session by guessing.
    ///
    /// A session that was renewed within the last minute is found by its old id too.
    ///
    /// ```
    /// use session_runtime::{Key, Result, store::{Sessions, StoreId}};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// async fn sign_out_device(sessions: &Sessions, uid: i64, id: &str) -> Result<bool> {
    ///     match id.parse::<StoreId>() {
    ///         Ok(id) => sessions.revoke_one(UID, &uid, &id).await,
    ///         Err(_) => Ok(false),
    ///     }
    /// }
    /// ```
    pub async fn revoke_one<T>(&self, key: Key<T>, owner: &T, id: &StoreId) -> Result<bool> {
        let owner = self.owner(&key, owner)?;
        let mut was_there = false;
        let mut seen = HashSet::from([*id]);
        let mut left = vec![*id];
        while let Some(id) = left.pop() {
            match self.vault.peek(&id).await? {
                Loaded::Row(row) | Loaded::Retired(row) if row.owner == Some(owner) => {
                    was_there |= self.vault.destroy(id).await?;
                }
                Loaded::Ended(ended) if ended.ending == Ending::Renewed => {
                    let successors = ended.successors.into_iter();
                    left.extend(successors.filter(|id| seen.len() < MAX_IDS && seen.insert(*id)));
                }
                _ => {}
            }
        }
        Ok(was_there)
    }

    /// Ends the session of this id, whoever's it is; whether there was one.
    ///
    /// Requests in flight under it save nothing any more. A session that was renewed within the last minute ends too.
    ///
    /// ```
    /// use session_runtime::{Result, store::{Sessions, StoreId}};
    ///
    /// async fn end(sessions: &Sessions, id: &StoreId) -> Result<&'static str> {
    ///     Ok(if sessions.revoke(id).await? { "ended" } else { "there was none" })
    /// }
    /// ```
    pub async fn revoke(&self, id: &StoreId) -> Result<bool> {
        self.vault.destroy(*id).await
    }

    /// Ends all sessions of the owner, those too that requests are about to sign in; how many there were.
    ///
    /// Sign-ins that begin within two seconds after it are refused as well (503: a retry signs in), since clocks of
    /// servers differ.
    ///
    /// ```
    /// use session_runtime::{Key, Result, store::Sessions};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// async fn password_changed(sessions: &Sessions, uid: i64) -> Result<u64> {
    ///     sessions.revoke_all(UID, &uid).await
    /// }
    /// ```
    pub async fn revoke_all<T>(&self, key: Key<T>, owner: &T) -> Result<u64> {
        self.revoke_but(key, owner, Vec::new()).await
    }

    /// As [`Sessions::revoke_all`], but for the sessions under these ids.
    pub(crate) async fn revoke_but<T>(
        &self,
        key: Key<T>,
        owner: &T,
        spared: Vec<StoreId>,
    ) -> Result<u64> {
        let owner = self.owner(&key, owner)?;
        self.vault.destroy_owner(owner, spared).await
    }

    /// Removes what is over from the store; how many sessions. A session stays for a day beyond its end.
    ///
    /// ```
    /// async fn nightly(sessions: session_runtime::store::Sessions) -> session_runtime::Result<()> {
    ///     println!("{} sessions were over", sessions.sweep().await?);
    ///     Ok(())
    /// }
    /// ```
    pub async fn sweep(&self) -> Result<u64> {
        self.vault
            .sweep()
            .await
            .map_err(|error| self.vault.failed(&error))
    }

    /// Sweeps every five minutes, without end; a store that fails is asked again in the next turn. Several servers may
    /// run it.
    ///
    /// ```
    /// # fn start(sessions: session_runtime::store::Sessions) {
    /// tokio::spawn(sessions.sweeper());
    /// # }
    /// ```
    pub async fn sweeper(self) {
        loop {
            if let Err(error) = self.vault.sweep().await {
                log::not_swept(&error);
            }
            sleep(PERIOD).await;
        }
    }

    /// What the layer counted at its store.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.vault.stats()
    }

    fn owner<T>(&self, key: &Key<T>, owner: &T) -> Result<OwnerId> {
        let not_owner = || Error::NotOwner {
            key: key.name().to_owned(),
        };
        let owners = self.vault.owners(key.name()).ok_or_else(not_owner)?;
        let value = encode(key, owner)?;
        Ok(owners.id(value.bytes()))
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("vault", &self.vault)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
