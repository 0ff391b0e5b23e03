//! A layer's side of a store: its ids, its sealing, its merges. No cookie and no request in it.
//!
//! Every future here may be dropped at any poll. What was sent to the store then happened or did not; what takes more
//! than one trip and must not stay half done runs in a task of its own.

mod contents;
mod ending;
mod saving;
mod trip;
mod write;

use core::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub(crate) use contents::{Contents, NewId, Ours, Times, Way};
pub(crate) use ending::in_own_task;
pub(crate) use saving::Committed;

use super::erased::AnyStore;
use super::merge::{NoPayload, value_of};
use super::rest::{self, Binding, Mode};
use super::scope::{Owners, Scope};
use super::stats::{Counts, Stats};
use super::{
    Ended, Ending, List, Listed, Loaded, OwnerId, Row, SessionStore, StoreError, StoreId, WriteId,
    log,
};
use crate::error::{ConfigError, Error, Result};
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::record::Record;

/// Bytes of a payload, unless the layer says otherwise.
const MAX_RECORD: usize = 65_536;

#[derive(Clone)]
pub(crate) struct Vault {
    store: AnyStore,
    /// The name of the cookie.
    cookie: String,
    scope: Scope,
    mode: Mode,
    max_record: usize,
    owner: Option<OwnerKey>,
    counts: Arc<Counts>,
}

/// The key that says whose session it is.
#[derive(Clone)]
struct OwnerKey {
    info: KeyInfo,
    owners: Owners,
}

/// A session as it stands in the store: as it was loaded, or as this request committed it.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) sid: SessionId,
    pub(crate) id: StoreId,
    /// Its payload is the text below.
    row: Row,
    text: Vec<u8>,
    is_retired: bool,
}

/// What a load finds for a cookie.
#[derive(Debug)]
pub(crate) enum Found {
    Session(Box<Base>),
    /// The session was renewed less than a minute ago, and its data is gone.
    Renewed,
    /// The cookie is worth nothing.
    Nothing,
}

impl Vault {
    pub(crate) fn new(
        store: impl SessionStore,
        cookie: &str,
        context: &str,
        mode: Mode,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            store: Arc::new(store),
            cookie: cookie.to_owned(),
            scope: Scope::new(cookie, context)?,
            mode,
            max_record: MAX_RECORD,
            owner: None,
            counts: Arc::default(),
        })
    }

    pub(crate) fn with_max_record(self, max_record: usize) -> Self {
        Self { max_record, ..self }
    }

    pub(crate) fn with_owner(self, info: KeyInfo) -> Result<Self, ConfigError> {
        let owners = self.scope.owners(info.name())?;
        Ok(Self {
            owner: Some(OwnerKey { info, owners }),
            ..self
        })
    }

    pub(crate) fn max_record(&self) -> usize {
        self.max_record
    }

    /// Whether the layer declares an owner key.
    pub(crate) fn has_owner_key(&self) -> bool {
        self.owner.is_some()
    }

    /// Whether the layer declares an owner key, and the session has no owner.
    pub(crate) fn is_anonymous(&self, record: &Record) -> bool {
        let owner = self.owner.as_ref();
        owner.is_some_and(|owner| !record.has(owner.info.name(), Some(&owner.info)))
    }

    pub(crate) fn id(&self, sid: &SessionId) -> StoreId {
        self.scope.id(sid)
    }

    /// The session of a cookie that was verified. `now` is the application's.
    pub(crate) async fn load(&self, sid: &SessionId, now: SystemTime) -> Result<Found> {
        self.counts.loads.one();
        let id = self.id(sid);
        let (row, is_retired) = match self.read(&id).await {
            Ok(Loaded::Row(row)) => (row, false),
            Ok(Loaded::Retired(row)) => (row, true),
            Ok(Loaded::Ended(Ended {
                ending: Ending::Renewed,
                successors,
            })) if !successors.is_empty() => return Ok(Found::Renewed),
            Ok(Loaded::Ended(_) | Loaded::Absent) => return Ok(Found::Nothing),
            Err(error) => return self.not_loaded(error),
        };
        if row.expires_at <= now {
            return Ok(Found::Nothing);
        }
        match Base::open(*sid, id, row) {
            Ok(base) => Ok(Found::Session(Box::new(Base { is_retired, ..base }))),
            Err(error) => self.not_loaded(error),
        }
    }

    fn not_loaded(&self, error: StoreError) -> Result<Found> {
        if let StoreError::Corrupt(_) = error {
            self.counts.corrupt.one();
            log::corrupt(&self.cookie, &error);
            return Ok(Found::Nothing);
        }
        Err(self.failed(&error))
    }

    /// What is known under the id, for an administrator.
    pub(crate) async fn peek(&self, id: &StoreId) -> Result<Loaded> {
        self.read(id).await.map_err(|error| self.failed(&error))
    }

    pub(crate) async fn list(
        &self,
        owner: OwnerId,
        now: SystemTime,
        limit: usize,
    ) -> Result<Vec<Listed>> {
        self.counts.trips.one();
        let list = List { owner, now, limit };
        self.store
            .list(&list)
            .await
            .map_err(|error| self.failed(&error))
    }

    pub(crate) async fn sweep(&self) -> Result<u64, StoreError> {
        self.counts.trips.one();
        self.store.sweep().await
    }

    pub(crate) fn stats(&self) -> Stats {
        self.counts.stats()
    }

    /// The owners by the key of this name, if it is the owner key.
    pub(crate) fn owners(&self, name: &str) -> Option<&Owners> {
        let key = self.owner.as_ref().filter(|key| key.info.name() == name)?;
        Some(&key.owners)
    }

    /// A payload that was loaded is none: told as a row that can't be read.
    pub(crate) fn tell_corrupt(&self) {
        self.counts.corrupt.one();
        log::corrupt(
            &self.cookie,
            &StoreError::corrupt("the payload is no JSON object of keys"),
        );
    }

    /// Tells the operators; the visitor learns that the session is unavailable.
    pub(crate) fn failed(&self, error: &StoreError) -> Error {
        self.counts.unavailable.one();
        log::failed(&self.cookie, error);
        Error::Unavailable
    }

    /// Whose session it is by its payload.
    fn owner_of(&self, text: &[u8]) -> Result<Option<OwnerId>, NoPayload> {
        let Some(key) = &self.owner else {
            return Ok(None);
        };
        let names = [key.info.name()]
            .into_iter()
            .chain(key.info.aliases().iter().copied());
        let value = value_of(text, names)?;
        Ok(value.map(|value| key.owners.id(value.as_bytes())))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("cookie", &self.cookie)
            .finish_non_exhaustive()
    }
}

/// The id in the cookie and the payload are not shown.
impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Base")
            .field("id", &self.id)
            .field("row", &self.row)
            .field("is_retired", &self.is_retired)
            .finish_non_exhaustive()
    }
}

impl Base {
    fn open(sid: SessionId, id: StoreId, mut row: Row) -> Result<Self, StoreError> {
        let binding = Binding {
            sid: &sid,
            id: &id,
            version: &row.version,
        };
        let text = rest::open(binding, core::mem::take(&mut row.payload))?;
        Ok(Self {
            sid,
            id,
            row,
            text,
            is_retired: false,
        })
    }

    /// The payload's text, not yet looked at.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(crate) fn version(&self) -> WriteId {
        self.row.version
    }

    pub(crate) fn label(&self) -> Option<&str> {
        self.row.label.as_deref()
    }

    #[cfg(test)]
    pub(crate) fn expires_at(&self) -> SystemTime {
        self.row.expires_at
    }

    /// Whether it was renewed less than a minute ago: it is read and may be renewed again, and takes no changes.
    pub(crate) fn is_retired(&self) -> bool {
        self.is_retired
    }
}

#[cfg(test)]
pub(crate) mod tests;
