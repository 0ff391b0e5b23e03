//! The keys of Go's cookies: converts their text to the bytes that sign and encrypt.

use base64::Engine;
use zeroize::Zeroizing;

use super::super::secret::{SecretKeys, base64_engine, in_quotes, without};
use crate::error::ConfigError;

/// Shorter keys can be guessed. gorilla/securecookie recommends 32 or 64 bytes and accepts any length.
const MIN_KEY: usize = 32;

/// The keys with which a Go service makes its cookies, for
/// [`CookieStoreConfig::accept_gorilla`](crate::CookieStoreConfig::accept_gorilla).
///
/// A text is the `Key` of `appkit/sessions`, unchanged from the configuration of the Go service. It is not decoded:
/// `appkit` checks that it is base64 and then signs with the text. Commas separate several keys. Every byte of a key
/// counts, also a line feed at its end.
///
/// Other Go programs pass any bytes to `sessions.NewCookieStore([]byte(..))`: see [`from_bytes`](Self::from_bytes).
#[derive(Clone, Default)]
pub struct GorillaKeys(pub(crate) Vec<(SecretKeys, KeyOptions)>);

#[derive(Clone, Default)]
pub(crate) struct KeyOptions {
    /// The key, if it is not text. A text that is set later replaces it.
    pub(crate) bytes: Option<Zeroizing<Vec<u8>>>,
    pub(crate) block_key: Option<Zeroizing<Vec<u8>>>,
    pub(crate) allow_short: bool,
    pub(crate) decoded: bool,
}

impl GorillaKeys {
    /// The `Key` of `appkit/sessions`, with its text unchanged.
    #[must_use]
    pub fn new(key: impl Into<SecretKeys>) -> Self {
        Self(vec![(key.into(), KeyOptions::default())])
    }

    /// One key of any bytes, as Go's `sessions.NewCookieStore([]byte(..))` takes it: neither checked to be base64 nor
    /// split at commas.
    ///
    /// ```
    /// use session_runtime::{CookieStore, CookieStoreConfig, GorillaKeys};
    ///
    /// # fn main() -> Result<(), session_runtime::ConfigError> {
    /// let key = GorillaKeys::from_bytes(b"correct horse battery staple, and more");
    /// let store = CookieStore::new(CookieStoreConfig::gorilla("session", key))?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn from_bytes(key: &[u8]) -> Self {
        let bytes = Some(Zeroizing::new(key.to_vec()));
        let options = KeyOptions {
            bytes,
            ..KeyOptions::default()
        };
        Self(vec![(SecretKeys::from(""), options)])
    }

    /// The block key of encrypted cookies: 16, 24 or 32 bytes, for AES-128, AES-192 or AES-256.
    #[must_use]
    pub fn with_block_key(self, key: &[u8]) -> Self {
        self.with(|options| options.block_key = Some(Zeroizing::new(key.to_vec())))
    }

    /// Accepts keys of less than 32 bytes too.
    #[must_use]
    pub fn allow_short_key(self) -> Self {
        self.with(|options| options.allow_short = true)
    }

    /// Signs with the bytes that the text's base64 encodes, for Go programs that decode their key before
    /// `sessions.NewCookieStore`. Keys of bytes are not decoded.
    #[must_use]
    pub fn decoded(self) -> Self {
        self.with(|options| options.decoded = true)
    }

    /// These keys and, after them, older ones with options of their own.
    #[must_use]
    pub fn and(mut self, older: Self) -> Self {
        self.0.extend(older.0);
        self
    }

    fn with(mut self, set: impl Fn(&mut KeyOptions)) -> Self {
        self.0.iter_mut().for_each(|(_, options)| set(options));
        self
    }

    /// The keys in their order. There is at least one.
    pub(crate) fn pairs(&self) -> Result<Vec<KeyPair>, ConfigError> {
        let mut pairs = Vec::new();
        for (keys, options) in &self.0 {
            for hash in options.hash_keys(keys) {
                let number = pairs.len() + 1;
                let pair = hash.and_then(|hash| options.pair(hash));
                pairs.push(pair.map_err(|why| {
                    ConfigError::new(format!("Key {number} of the Go cookies: {why}"))
                })?);
            }
        }
        if pairs.is_empty() {
            return Err(ConfigError::new(
                "The Go cookies have no key: give `GorillaKeys::new` the service's `Key`",
            ));
        }
        Ok(pairs)
    }
}

/// The key that signs, and the key that encrypts if cookies are encrypted.
pub(crate) struct KeyPair {
    pub(crate) hash: Zeroizing<Vec<u8>>,
    /// 16, 24 or 32 bytes.
    pub(crate) block: Option<Zeroizing<Vec<u8>>>,
}

impl<T: Into<SecretKeys>> From<T> for GorillaKeys {
    fn from(key: T) -> Self {
        Self::new(key)
    }
}

impl core::fmt::Debug for GorillaKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("GorillaKeys(..)")
    }
}

impl KeyOptions {
    /// The signing key of each configured key.
    fn hash_keys(&self, keys: &SecretKeys) -> Vec<Result<Zeroizing<Vec<u8>>, String>> {
        match &self.bytes {
            Some(bytes) if keys.is_blank() => vec![Ok(bytes.clone())],
            _ => {
                let texts = keys.text().split(',');
                texts.map(|text| self.hash_key(text)).collect()
            }
        }
    }

    fn pair(&self, hash: Zeroizing<Vec<u8>>) -> Result<KeyPair, String> {
        if hash.is_empty() {
            return Err("it is blank, so anyone could sign; give the service's `Key`".to_owned());
        }
        if hash.len() < MIN_KEY && !self.allow_short {
            let len = hash.len();
            return Err(format!(
                "it has {len} bytes, and {MIN_KEY} are needed; replace it, or call `allow_short_key()` until it is replaced"
            ));
        }
        let block = self.block_key.clone();
        if let Some(len) = block.as_ref().map(|key| key.len())
            && !matches!(len, 16 | 24 | 32)
        {
            return Err(format!(
                "its block key has {len} bytes: AES takes 16, 24 or 32"
            ));
        }
        Ok(KeyPair { hash, block })
    }

    fn hash_key(&self, text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
        if let Some(complaint) = in_quotes(text) {
            return Err(complaint);
        }
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/-_=\r\n".contains(c);
        if let Some(odd) = text.chars().find(|&c| !is_base64(c)) {
            return Err(format!(
                "it is not base64, which has no {odd:?}; give the Go service's `Key` as it is"
            ));
        }
        if !self.decoded {
            return Ok(Zeroizing::new(text.as_bytes().to_vec()));
        }
        // Go's decoder ignores them too.
        let text = without(text, |c| matches!(c, '\r' | '\n'));
        let bytes = base64_engine(&text).decode(&*text);
        bytes
            .map(Zeroizing::new)
            .map_err(|_| "it is not base64, and is to be decoded".to_owned())
    }
}
