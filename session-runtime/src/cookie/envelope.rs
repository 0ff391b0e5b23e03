//! What a cookie's value says from outside, before anything of it is verified: for tools, never for decisions.

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

#[cfg(feature = "gorilla")]
use super::format::gorilla;
use super::format::v1;
use crate::limits::MAX_COOKIE;
use crate::time::time;

/// The outside of a cookie's value: its format, the id of its key, and its times. Nothing of it is verified, so anybody
/// may have written it: for tools that explain why a cookie is refused, never to decide by.
///
/// ```
/// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
/// use session_runtime::{CookieFormat, Envelope};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let key = SecretKeys::generate()?;
/// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
/// let set_cookie = store.seal(&store.new_record()?)?;
/// let value = set_cookie.to_str()?.split(['=', ';']).nth(1).unwrap_or_default();
///
/// let envelope = Envelope::of(value.as_bytes()).ok_or("not a session cookie")?;
/// assert_eq!(envelope.format(), CookieFormat::Signed);
/// assert_eq!(envelope.key_id(), Some(store.keyring().usage()[0].id()));
/// assert!(Envelope::of(b"dark").is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Envelope {
    format: CookieFormat,
    key_id: Option<[u8; 4]>,
    born: Option<u64>,
    issued_at: u64,
    ttl: Option<u64>,
}

/// How a cookie's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CookieFormat {
    /// Our own, signed: visitors can read what it holds.
    Signed,
    /// Our own, encrypted.
    Encrypted,
    /// That of Go's `gorilla/securecookie`; from outside nobody can tell whether it is encrypted.
    Gorilla,
}

impl Envelope {
    /// The outside of a value, or `None` where it is in no format of this crate: without the feature `gorilla`, in none
    /// but our own.
    #[must_use]
    pub fn of(value: &[u8]) -> Option<Self> {
        if value.len() > MAX_COOKIE {
            return None;
        }
        Self::v1(value).or_else(|| Self::gorilla(value))
    }

    fn v1(value: &[u8]) -> Option<Self> {
        let (is_encrypted, key_id, header) = v1::outside(value)?;
        Some(Self {
            format: if is_encrypted {
                CookieFormat::Encrypted
            } else {
                CookieFormat::Signed
            },
            key_id: Some(key_id),
            born: Some(header.born),
            issued_at: header.issued_at,
            ttl: Some(header.ttl),
        })
    }

    #[cfg(feature = "gorilla")]
    fn gorilla(value: &[u8]) -> Option<Self> {
        Some(Self {
            format: CookieFormat::Gorilla,
            key_id: None,
            born: None,
            issued_at: gorilla::outside(value)?,
            ttl: None,
        })
    }

    #[cfg(not(feature = "gorilla"))]
    fn gorilla(_value: &[u8]) -> Option<Self> {
        None
    }

    /// The format that it seems to be in.
    #[must_use]
    pub fn format(&self) -> CookieFormat {
        self.format
    }

    /// The id of the key that it says it was made under, as in [`KeyUsage::id`](crate::KeyUsage::id); Go's cookies
    /// name none.
    #[must_use]
    pub fn key_id(&self) -> Option<String> {
        self.key_id
            .map(|id| format!("{:08x}", u32::from_be_bytes(id)))
    }

    /// When it says that its session began; Go's cookies don't say it outside.
    #[must_use]
    pub fn born(&self) -> Option<SystemTime> {
        self.born.map(time)
    }

    /// When it says that it was made.
    #[must_use]
    pub fn issued_at(&self) -> SystemTime {
        time(self.issued_at)
    }

    /// How long after that it says it is good, in whole seconds, if the configuration is no stricter; Go's cookies
    /// don't say it.
    #[must_use]
    pub fn ttl(&self) -> Option<Duration> {
        self.ttl.map(Duration::from_secs)
    }
}

impl fmt::Display for CookieFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signed => "v1, signed",
            Self::Encrypted => "v1, encrypted",
            Self::Gorilla => "Go's gorilla/securecookie",
        })
    }
}
