//! Secret keys: from text to the subkeys of one cookie.

use core::fmt;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::error::{ConfigError, Result};
use crate::random::fill_random;

pub(crate) type HmacSha256 = Hmac<Sha256>;

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

    /// The decoded keys, in their order.
    pub(crate) fn decode(&self) -> Result<Vec<MasterKey>, ConfigError> {
        let mut keys: Vec<MasterKey> = Vec::new();
        for (i, text) in self.0.split(',').enumerate() {
            let key = MasterKey::from_text(text.trim())
                .map_err(|problem| ConfigError::new(format!("Key {}: {problem}", i + 1)))?;
            if let Some(other) = keys.iter().position(|other| other.id() == key.id()) {
                return Err(ConfigError::new(format!(
                    "Key {} and key {} have the same key id: is one of them listed twice? Remove it",
                    other + 1,
                    i + 1
                )));
            }
            keys.push(key);
        }
        Ok(keys)
    }
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

/// One key's bytes, of which every cookie has its own subkeys.
pub(crate) struct MasterKey(Zeroizing<Vec<u8>>);

impl MasterKey {
    fn from_text(text: &str) -> Result<Self, String> {
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
        Ok(Self(bytes))
    }

    /// prk = HMAC-SHA256(key = 32 zero bytes, master); subkey = HMAC-SHA256(prk, info || 0x01).
    fn subkey(&self, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let prk = Zeroizing::new(mac(&[0; 32], &[&self.0]));
        let mut parts: Vec<&[u8]> = vec![b"session-runtime/v1/"];
        parts.extend_from_slice(info);
        parts.push(&[1]);
        Zeroizing::new(mac(&*prk, &parts))
    }

    /// The key's id, the same for every cookie.
    pub(crate) fn id(&self) -> [u8; 4] {
        let long = self.subkey(&[b"kid\0"]);
        [long[0], long[1], long[2], long[3]]
    }

    /// The HMAC state that signs cookies of this name in this context.
    pub(crate) fn signer(&self, name: &str, context: &str) -> HmacSha256 {
        keyed(&*self.cookie_key(b"sig\0", name, context))
    }

    /// The HMAC state that makes each session's encryption key.
    #[cfg(feature = "encrypted")]
    pub(crate) fn encryptor(&self, name: &str, context: &str) -> HmacSha256 {
        keyed(&*self.cookie_key(b"enc\0", name, context))
    }

    fn cookie_key(&self, label: &[u8], name: &str, context: &str) -> Zeroizing<[u8; 32]> {
        let length = |text: &str| {
            let len = u16::try_from(text.len());
            len.expect("a configuration's check refuses names and contexts over 65,535 bytes")
                .to_be_bytes()
        };
        self.subkey(&[
            label,
            &length(name),
            name.as_bytes(),
            &length(context),
            context.as_bytes(),
        ])
    }
}

const REMEDY: &str = "make one with `openssl rand -base64 32`";

fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("an HMAC takes a key of any length (RFC 2104, 3)")
}

fn mac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed(key);
    for part in message {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
