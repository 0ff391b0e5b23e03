//! What a cookie says of each key beside its value, for tools.

use std::time::SystemTime;

use super::Record;
use super::field::Field;
use crate::json::kind;
use crate::time::time;

/// What a record says of one of its keys, without the value; from [`Record::details`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDetails {
    name: String,
    kind: String,
    size: usize,
    deadline: Option<u64>,
}

impl Record {
    /// What the record says of its keys, in the order of [`keys`](Self::keys): for tools that show what fills a
    /// cookie.
    ///
    /// Whether a key is a flash is not in the cookie: the program's keys say it
    /// ([`KeyInfo::is_flash`](crate::KeyInfo::is_flash)).
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// # let mut record = store.new_record()?;
    /// record.put("theme", "dark")?;
    /// let theme = &record.details()[0];
    /// assert_eq!((theme.name(), theme.kind(), theme.size()), ("theme", "a string", 14));
    /// assert_eq!(theme.expires_at(), None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn details(&self) -> Vec<KeyDetails> {
        let live = self.fields.iter().filter(|field| self.is_live(field, None));
        let details = |field: &Field| KeyDetails {
            name: field.name_text(&self.buffer),
            kind: kind(self.buffer.get(field.value)).into_owned(),
            size: field.pair_len(),
            deadline: field.deadline(),
        };
        live.map(details).collect()
    }
}

impl KeyDetails {
    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the value is, in words that show nothing of it: `a string`, `a number`, `a boolean`, `an array`,
    /// `an object`, `null`, or `a Go value without a JSON form`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Bytes of the `"key":value` pair, before base64.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// When the value disappears by itself, where the key has a ttl.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.deadline.map(time)
    }
}
