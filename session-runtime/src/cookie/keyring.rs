//! The keys of a store, replaceable while it serves.

use core::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::format::v1::TokenKey;
use crate::config::SecretKeys;
use crate::error::{ConfigError, Result};

/// The keys of a [`CookieStore`](crate::CookieStore), which can be replaced while it serves. A clone is the same ring.
///
/// ```
/// use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (old, new) = (SecretKeys::generate()?, SecretKeys::generate()?);
/// let store = CookieStore::new(CookieStoreConfig::new("__Host-session", old))?;
/// let keyring = store.keyring(); // keep it where your configuration is reloaded
/// keyring.replace(new)?; // to keep the old sessions: "new,old"
/// for key in keyring.usage() {
///     println!("{}: {} cookies", key.id(), key.opened());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Keyring {
    ring: Arc<Ring>,
}

struct Ring {
    name: String,
    context: String,
    keys: RwLock<Vec<TokenKey>>,
}

/// How much one key is used.
#[derive(Clone, Debug)]
pub struct KeyUsage {
    id: [u8; 4],
    opened: u64,
}

impl KeyUsage {
    /// The key's id as it stands in every cookie, 8 hexadecimal digits. It tells nothing of the key.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id))
    }

    /// How many cookies were opened under the key since it was added. A retired key whose number stands still for
    /// `max_age` can be removed.
    #[must_use]
    pub fn opened(&self) -> u64 {
        self.opened
    }
}

impl Keyring {
    pub(super) fn new(name: &str, context: &str, keys: &SecretKeys) -> Result<Self, ConfigError> {
        let ring = Ring {
            name: name.to_owned(),
            context: context.to_owned(),
            keys: RwLock::default(),
        };
        let ring = Self {
            ring: Arc::new(ring),
        };
        ring.set(keys)?;
        Ok(ring)
    }

    /// The ring of a store that signs without keys of ours, as in Go's format.
    #[cfg(feature = "gorilla")]
    pub(super) fn without_keys() -> Self {
        Self {
            ring: Arc::new(Ring {
                name: String::new(),
                context: String::new(),
                keys: RwLock::default(),
            }),
        }
    }

    /// Signs with the first of `keys` and verifies with all of them from now on; the others are forgotten. Requests
    /// in flight go on: a session under a key that is still listed is signed by the new one when it is used.
    ///
    /// [`ConfigError`] as in [`CookieStore::new`](crate::CookieStore::new); the ring is then as it was.
    pub fn replace(&self, keys: impl Into<SecretKeys>) -> Result<(), ConfigError> {
        if self.keys().is_empty() {
            return Err(ConfigError::new(
                "The cookie is in Go's format, whose keys are not replaced while serving: make a new store",
            ));
        }
        self.set(&keys.into())
    }

    fn set(&self, keys: &SecretKeys) -> Result<(), ConfigError> {
        if keys.is_blank() {
            return Err(ConfigError::new("Key is required, but blank"));
        }
        let ring = &self.ring;
        let masters = keys.decode()?;
        let keys = masters
            .iter()
            .map(|key| TokenKey::new(key, &ring.name, &ring.context));
        let keys: Vec<TokenKey> = keys.collect();
        let mut present = ring.keys.write().unwrap_or_else(PoisonError::into_inner);
        for key in &keys {
            if let Some(same) = present.iter().find(|other| other.id == key.id) {
                key.count_from(same.opened());
            }
        }
        *present = keys;
        Ok(())
    }

    /// The keys in their order, with how often each was used.
    #[must_use]
    pub fn usage(&self) -> Vec<KeyUsage> {
        let usage = |key: &TokenKey| KeyUsage {
            id: key.id,
            opened: key.opened(),
        };
        self.keys().iter().map(usage).collect()
    }

    pub(super) fn keys(&self) -> RwLockReadGuard<'_, Vec<TokenKey>> {
        self.ring
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.usage()).finish()
    }
}

#[cfg(test)]
mod tests;
