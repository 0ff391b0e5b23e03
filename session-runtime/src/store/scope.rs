//! The cookie whose sessions they are: from the ids of cookies and the values of owners to the names of a store.

use sha2::{Digest, Sha256};

use super::{OwnerId, StoreId};
use crate::error::ConfigError;
use crate::id::SessionId;

const ID: &[u8] = b"session-runtime/v1/store\0";
const OWNER: &[u8] = b"session-runtime/v1/owner\0";

/// The hashes of one cookie, begun: its name and context are in them.
#[derive(Clone)]
pub(crate) struct Scope {
    ids: Sha256,
    owners: Sha256,
}

impl Scope {
    pub(crate) fn new(name: &str, context: &str) -> Result<Self, ConfigError> {
        let begin = |domain: &[u8]| {
            let named = with_text(Sha256::new_with_prefix(domain), name)?;
            with_text(named, context)
        };
        Ok(Self {
            ids: begin(ID)?,
            owners: begin(OWNER)?,
        })
    }

    /// `SHA-256("session-runtime/v1/store\0" || u16 len(name) || name || u16 len(context) || context || sid)`
    pub(crate) fn id(&self, sid: &SessionId) -> StoreId {
        let hash = self.ids.clone().chain_update(sid.as_bytes());
        StoreId::from_bytes(hash.finalize().into())
    }

    /// The owners by this key.
    pub(crate) fn owners(&self, key: &str) -> Result<Owners, ConfigError> {
        Ok(Owners(with_text(self.owners.clone(), key)?))
    }
}

/// The hash of one owner key, begun.
#[derive(Clone)]
pub(crate) struct Owners(Sha256);

impl Owners {
    /// `SHA-256("session-runtime/v1/owner\0" || u16 len(name) || name || u16 len(context) || context || u16 len(key) ||
    /// key || JSON text)`
    pub(crate) fn id(&self, value: &[u8]) -> OwnerId {
        let hash = self.0.clone().chain_update(value);
        OwnerId::from_bytes(hash.finalize().into())
    }
}

fn with_text(hash: Sha256, text: &str) -> Result<Sha256, ConfigError> {
    let len = u16::try_from(text.len()).map_err(|_| {
        ConfigError::new(format!(
            "a cookie's name, its context and the name of the owner key have at most 65,535 bytes each, and one has {}",
            text.len()
        ))
    })?;
    Ok(hash.chain_update(len.to_be_bytes()).chain_update(text))
}
