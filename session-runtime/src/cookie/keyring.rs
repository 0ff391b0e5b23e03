//! The keys of a store, replaceable while it serves.

use core::fmt;
use std::sync::Arc;

use super::format::v1::{Keys, TokenKey};
use crate::config::{SecretKeys, same_id};
use crate::error::{ConfigError, Result};

/// The keys of a [`CookieStore`](crate::CookieStore), which can be replaced while it serves. A clone is the same ring.
///
/// ```
/// use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (old, new) = (SecretKeys::generate()?, SecretKeys::generate()?);
/// let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", old))?;
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
    /// None where the cookie's format has no keys that can be replaced.
    keys: Option<Arc<Keys>>,
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
    pub(super) fn new(keys: Option<Arc<Keys>>) -> Self {
        Self { keys }
    }

    /// Signs with the first of `keys` and verifies with all of them from now on; the others are forgotten. Requests
    /// in flight go on: a session under a key that is still listed is signed by the new one when it is used.
    ///
    /// [`ConfigError`] as in [`CookieStore::new`](crate::CookieStore::new); the ring is then as it was.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let keyring = store.keyring();
    /// let new = SecretKeys::generate()?; // alone: the sessions under the old key are over
    /// keyring.replace(new)?;
    /// assert!(keyring.replace("too short").is_err()); // and the ring is as it was
    /// # Ok(())
    /// # }
    /// ```
    pub fn replace(&self, keys: impl Into<SecretKeys>) -> Result<(), ConfigError> {
        let Some(present) = &self.keys else {
            return Err(ConfigError::new(
                "The keys of this cookie's format are not replaced while serving: make a new store",
            ));
        };
        set(present, &keys.into())
    }

    /// The keys in their order, with how often each was used.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// for key in store.keyring().usage() {
    ///     println!("session_cookies_opened{{key=\"{}\"}} {}", key.id(), key.opened());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn usage(&self) -> Vec<KeyUsage> {
        let usage = |key: &TokenKey| KeyUsage {
            id: key.id,
            opened: key.opened(),
        };
        let keys = self.keys.iter();
        keys.flat_map(|keys| keys.read().iter().map(usage).collect::<Vec<_>>())
            .collect()
    }
}

/// The keys of the cookie of this name in this context.
pub(super) fn keys(name: &str, context: &str, keys: &SecretKeys) -> Result<Arc<Keys>, ConfigError> {
    let ring = Arc::new(Keys::new(name, context));
    set(&ring, keys)?;
    Ok(ring)
}

fn set(ring: &Keys, keys: &SecretKeys) -> Result<(), ConfigError> {
    ring.set(&keys.decode()?)
        .map_err(|(one, other)| same_id(one, other))
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.usage()).finish()
    }
}

#[cfg(test)]
mod tests;
