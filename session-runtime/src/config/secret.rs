//! Secret keys as text, and the rules for the text.

use core::fmt;
use std::env::VarError;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{ConfigError, Result};
use crate::random::fill_random;

pub(crate) const BLANK_KEY: &str = "Key is required, but blank";
const MIN_BYTES: usize = 32;
const MIN_DISTINCT_BYTES: usize = 12;

/// The key in the documentation of [`SecretKeys`], which is public. It is decoded here, since base64 has several
/// spellings.
const PRINTED_KEYS: [&[u8]; 1] = [b"this key is printed in the docs!"];

/// The secret keys of a cookie as text. A key is base64 (standard or URL-safe, padding optional) of at least 32 random
/// bytes.
///
/// Commas separate several keys: the first signs, all verify. To rotate, put a new key in front and remove the old one
/// when the sessions under it have expired. `openssl rand -base64 32` makes one, which looks like
/// `dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE=` (this very one is refused, since it is printed here). White space
/// inside a key does not count, since tools wrap long lines and end files with a line feed.
///
/// The text is checked by [`CookieStore::new`](crate::CookieStore::new). It is wiped from memory on drop and never
/// printed.
#[derive(Clone)]
pub struct SecretKeys(Zeroizing<String>);

impl SecretKeys {
    /// One new key from the operating system's random source.
    ///
    /// Sessions that it signs end with the process. Use it for a first try and for tests.
    pub fn generate() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; MIN_BYTES]);
        fill_random(&mut *bytes)?;
        let text = base64::prelude::BASE64_STANDARD.encode(*bytes);
        Ok(Self(Zeroizing::new(text)))
    }

    /// The keys in a variable of the process's environment.
    ///
    /// A variable that is unset, blank or not UTF-8 is an error. The keys themselves are checked with the rest of the
    /// configuration.
    ///
    /// ```no_run
    /// use session_runtime::{CookieStoreConfig, SecretKeys, SessionLayer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let config = CookieStoreConfig::new("__Host-myapp", SecretKeys::from_env("SESSION_KEY")?);
    /// let sessions = SessionLayer::new(config)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_env(variable: &str) -> Result<Self, ConfigError> {
        let complaint = |what| {
            ConfigError::new(format!(
                "variable {variable} {what}: give it the session's key; {REMEDY}"
            ))
        };
        let text = std::env::var(variable).map_err(|error| {
            complaint(match error {
                VarError::NotPresent => "is not set",
                VarError::NotUnicode(_) => "is no UTF-8 text",
            })
        })?;
        let keys = Self::from(text);
        if keys.is_blank() {
            return Err(complaint("is set, but blank"));
        }
        Ok(keys)
    }

    #[cfg(feature = "gorilla")]
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The bytes of the keys, in their order.
    pub(crate) fn decode(&self) -> Result<Vec<Zeroizing<Vec<u8>>>, ConfigError> {
        if self.is_blank() {
            return Err(ConfigError::new(BLANK_KEY));
        }
        let mut keys = Vec::new();
        for (at, text) in self.0.split(',').enumerate() {
            let key = decode(text)
                .map_err(|problem| ConfigError::new(format!("Key {}: {problem}", at + 1)))?;
            if let Some(other) = keys.iter().position(|other| *other == key) {
                return Err(same_id(other, at));
            }
            keys.push(key);
        }
        Ok(keys)
    }
}

/// The error for two keys with the same key id, by their positions.
pub(crate) fn same_id(one: usize, other: usize) -> ConfigError {
    ConfigError::new(format!(
        "Key {} and key {} have the same key id: is one of them listed twice? Remove it",
        one + 1,
        other + 1
    ))
}

impl From<&str> for SecretKeys {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl From<String> for SecretKeys {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKeys(..)")
    }
}

/// The error for quotes that a tool left around a key.
pub(super) fn in_quotes(text: &str) -> Option<String> {
    const QUOTES: [char; 7] = [
        '"', '\'', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}',
    ];
    let quote = text.chars().find(|c| QUOTES.contains(c))?;
    Some(format!(
        "it has quotes around it ({quote}), which some tools keep as a part of the value: take them off"
    ))
}

fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    if let Some(complaint) = in_quotes(text) {
        return Err(complaint);
    }
    let joined = without(text, char::is_whitespace);
    if joined.trim_end_matches('=').contains('=') {
        return Err(
            "it is not base64, since `=` stands in its middle: keys are separated by commas"
                .to_owned(),
        );
    }
    let bytes = base64_engine(&joined)
        .decode(&*joined)
        .map(Zeroizing::new)
        .map_err(|_| format!("it is not base64; {REMEDY}"))?;
    if PRINTED_KEYS.contains(&bytes.as_slice()) {
        return Err(format!(
            "it is printed in the documentation, so anyone has it; {REMEDY}"
        ));
    }
    if bytes.len() < MIN_BYTES {
        let len = bytes.len();
        return Err(format!(
            "it has {len} bytes after base64 decoding, and {MIN_BYTES} are needed; {REMEDY}"
        ));
    }
    let mut seen = [false; 256];
    bytes
        .iter()
        .for_each(|&byte| seen[usize::from(byte)] = true);
    let distinct = seen.iter().filter(|seen| **seen).count();
    seen.zeroize();
    if distinct < MIN_DISTINCT_BYTES {
        return Err(format!(
            "it has only {distinct} different bytes, so it is not random; {REMEDY}"
        ));
    }
    Ok(bytes)
}

/// The text without these characters.
pub(super) fn without(text: &str, is_out: fn(char) -> bool) -> Zeroizing<String> {
    // Allocates all the memory at once, since a reallocation would leave a copy of the key behind.
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    kept.extend(text.chars().filter(|&c| !is_out(c)));
    kept
}

/// The decoder for the alphabet of the text, with or without padding.
pub(super) fn base64_engine(text: &str) -> GeneralPurpose {
    let is_url_safe = text.contains(['-', '_']);
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(if is_url_safe { &URL_SAFE } else { &STANDARD }, config)
}

const REMEDY: &str = "make one with `openssl rand -base64 32`";

#[cfg(test)]
mod tests;
