//! The keys of Go's cookies: from text to the bytes that sign and encrypt.

use base64::Engine;
use zeroize::Zeroizing;

use super::super::secret::{SecretKeys, base64_engine, in_quotes, without};
use crate::error::ConfigError;

/// Shorter ones can be guessed; gorilla/securecookie recommends 32 or 64 bytes and takes any.
const MIN_KEY: usize = 32;

/// The keys under which a Go service makes its cookies, for
/// [`CookieStoreConfig::accept_gorilla`](crate::CookieStoreConfig::accept_gorilla).
///
/// The text is Go's `Key` as it stands in the configuration of the Go service. It is not decoded: `appkit/sessions`
/// checks that it is base64 and then signs with the text. Several keys are separated by commas.
#[derive(Clone, Default)]
pub struct GorillaKeys(pub(crate) Vec<(SecretKeys, Options)>);

#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) block_key: Option<Zeroizing<Vec<u8>>>,
    pub(crate) allow_short: bool,
    pub(crate) decoded: bool,
}

impl GorillaKeys {
    /// Go's `Key`, text as it is.
    #[must_use]
    pub fn new(key: impl Into<SecretKeys>) -> Self {
        Self(vec![(key.into(), Options::default())])
    }

    /// The block key of encrypted cookies: 16, 24 or 32 bytes, for AES-128, AES-192 or AES-256.
    #[must_use]
    pub fn with_block_key(self, key: &[u8]) -> Self {
        self.with(|options| options.block_key = Some(Zeroizing::new(key.to_vec())))
    }

    /// Takes keys of less than 32 bytes too.
    #[must_use]
    pub fn allow_short_key(self) -> Self {
        self.with(|options| options.allow_short = true)
    }

    /// Signs with the bytes that the text says in base64, for Go programs that decode their key before
    /// `sessions.NewCookieStore`.
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

    fn with(mut self, set: impl Fn(&mut Options)) -> Self {
        self.0.iter_mut().for_each(|(_, options)| set(options));
        self
    }

    /// The keys in their order, of which there is one at least.
    pub(crate) fn pairs(&self) -> Result<Vec<KeyPair>, ConfigError> {
        let mut pairs = Vec::new();
        for (keys, options) in &self.0 {
            for (index, text) in keys.text().split(',').enumerate() {
                let pair = options.pair(text);
                pairs.push(pair.map_err(|why| {
                    ConfigError::new(format!("Key {} of the Go cookies: {why}", index + 1))
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

/// What signs, and what encrypts where cookies are encrypted.
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

impl Options {
    fn pair(&self, text: &str) -> Result<KeyPair, String> {
        let hash = self.hash_key(text)?;
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
        // Go's decoder passes over them too.
        let text = without(text, |c| matches!(c, '\r' | '\n'));
        let bytes = base64_engine(&text).decode(&*text);
        bytes
            .map(Zeroizing::new)
            .map_err(|_| "it is not base64, and is to be decoded".to_owned())
    }
}
