//! Secret keys as text, and the rules that the text is held to.

use core::fmt;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{ConfigError, Result};
use crate::random::fill_random;

pub(crate) const BLANK_KEY: &str = "Key is required, but blank";
const MIN_BYTES: usize = 32;
const MIN_DISTINCT_BYTES: usize = 12;

/// Shown in the documentation of [`SecretKeys`], so anyone has it. Decoded, since base64 has several spellings.
const PRINTED_KEYS: [&[u8]; 1] = [b"this key is printed in the docs!"];

/// The secret keys of a cookie, as text: base64 (standard or URL-safe, padding optional) of at least 32 random bytes.
///
/// Several keys are separated by commas: the first signs, all verify. To rotate, put a new key in front and remove
/// the old one when the sessions under it have expired. `openssl rand -base64 32` makes one, which looks like
/// `dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE=` (this very one is refused, since it is printed here).
///
/// The text is checked by [`CookieStore::new`](crate::CookieStore::new). It is wiped from memory on drop and never
/// printed.
#[derive(Clone)]
pub struct SecretKeys(Zeroizing<String>);

impl SecretKeys {
    /// One new key from the operating system's random source.
    ///
    /// Sessions signed by it end with the process: good for a first try and for tests.
    pub fn generate() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; MIN_BYTES]);
        fill_random(&mut *bytes)?;
        let text = base64::prelude::BASE64_STANDARD.encode(*bytes);
        Ok(Self(Zeroizing::new(text)))
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
            let key = decode(text.trim())
                .map_err(|problem| ConfigError::new(format!("Key {}: {problem}", at + 1)))?;
            if let Some(other) = keys.iter().position(|other| *other == key) {
                return Err(same_id(other, at));
            }
            keys.push(key);
        }
        Ok(keys)
    }
}

/// What is said of two keys, by their places, that a cookie could not tell apart.
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

fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let url_safe = text.contains(['-', '_']);
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(if url_safe { &URL_SAFE } else { &STANDARD }, config);
    let bytes = engine
        .decode(text)
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

const REMEDY: &str = "make one with `openssl rand -base64 32`";

#[cfg(test)]
mod tests;
