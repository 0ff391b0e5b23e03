//! The part of a cookie's configuration for Go's format.

mod keys;

use std::time::SystemTime;

use zeroize::Zeroizing;

use super::{CookieStoreConfig, SecretKeys};
use crate::error::ConfigError;
pub use keys::GorillaKeys;
use keys::KeyOptions;
pub(crate) use keys::KeyPair;

/// The settings of a cookie for Go's format.
#[derive(Clone, Default)]
pub(crate) struct GorillaConfig {
    /// The cookie is in Go's format.
    pub(crate) is_format: bool,
    /// How the configured key is used in Go's format.
    options: KeyOptions,
    older: GorillaKeys,
    /// The keys of our own format, if its cookies are read too.
    pub(crate) next: Option<SecretKeys>,
    /// The keys and the last date of Go's cookies that are read too, if the cookie is in our format.
    pub(crate) accepted: Option<(GorillaKeys, SystemTime)>,
}

impl GorillaConfig {
    pub(crate) fn keys(&self, key: &SecretKeys) -> GorillaKeys {
        GorillaKeys(vec![(key.clone(), self.options.clone())]).and(self.older.clone())
    }

    /// Whether the cookie's first key is given here, as bytes.
    pub(crate) fn has_key(&self) -> bool {
        self.options.bytes.is_some()
    }

    pub(crate) fn forget_key(&mut self) {
        self.options.bytes = None;
    }

    /// Checks that every key can be used. `key` is the cookie's own key.
    pub(crate) fn check_keys(&self, key: &SecretKeys) -> Result<(), ConfigError> {
        if self.is_format {
            self.keys(key).pairs()?;
        } else {
            key.decode()?;
        }
        if let Some(next) = &self.next {
            next.decode()?;
        }
        if let Some((accepted, _)) = &self.accepted {
            accepted.pairs()?;
        }
        Ok(())
    }

    /// The rule that a combination of settings breaks.
    pub(crate) fn problem(&self, encrypted: bool, context: &str) -> Option<&'static str> {
        let options = &self.options;
        let has_block_key = options.block_key.is_some();
        let has_older = !self.older.0.is_empty();
        if !self.is_format {
            let is_used = self.next.is_some()
                || has_block_key
                || options.allow_short
                || options.decoded
                || has_older;
            return is_used.then_some(
                "a key option of Go's format, but the cookie is not in it: begin with `CookieStoreConfig::gorilla`",
            );
        }
        if self.accepted.is_some() {
            return Some(
                "Go's cookies are both the format and accepted until a date: leave out `accept_gorilla`",
            );
        }
        if encrypted && !has_block_key {
            return Some(
                "Encrypted cookies of Go's format need its block key: add `with_block_key`",
            );
        }
        (!context.is_empty()).then_some("Go's format binds its keys to no context: leave it out")
    }
}

impl CookieStoreConfig {
    /// A cookie in the format of Go's `gorilla/sessions`, so that this service and a Go service share one session:
    /// each reads what the other writes.
    ///
    /// `key` is the `Key` of a Go service on `appkit/sessions`, with its text unchanged. A [`GorillaKeys`] also sets
    /// options. [`GorillaKeys::from_bytes`] takes the key of any other Go program. A key that is set later, by
    /// [`with_key`](Self::with_key) or a loader, replaces the first key. As in Go, there is no `absolute_max_age`
    /// unless one is set.
    ///
    /// A put accepts values that Go reads without registering a type: null, booleans, numbers, strings, and lists of
    /// one of these kinds. Any other value is [`Error::Encode`](crate::Error::Encode).
    #[must_use]
    pub fn gorilla(name: impl Into<String>, key: impl Into<GorillaKeys>) -> Self {
        let mut keys = key.into().0.into_iter();
        let first = keys.next();
        let (key, options) = first.unwrap_or_else(|| (SecretKeys::from(""), KeyOptions::default()));
        let mut config = Self::new(name, key).with_absolute_max_age(None);
        config.gorilla = GorillaConfig {
            is_format: true,
            options,
            older: GorillaKeys(keys.collect()),
            ..GorillaConfig::default()
        };
        config
    }

    /// The block key of Go's encrypted cookies: 16, 24 or 32 bytes.
    #[must_use]
    pub fn with_block_key(mut self, key: &[u8]) -> Self {
        self.gorilla.options.block_key = Some(Zeroizing::new(key.to_vec()));
        self
    }

    /// Accepts keys of Go's cookies with less than 32 bytes too.
    #[must_use]
    pub fn allow_short_key(mut self) -> Self {
        self.gorilla.options.allow_short = true;
        self
    }

    /// Signs Go's cookies with the bytes that the key's base64 encodes, for Go programs that decode it.
    #[must_use]
    pub fn with_decoded_key(mut self) -> Self {
        self.gorilla.options.decoded = true;
        self
    }

    /// Older keys that still verify Go's cookies, with block keys of their own.
    #[must_use]
    pub fn with_older_gorilla_keys(mut self, keys: impl Into<GorillaKeys>) -> Self {
        self.gorilla.older = self.gorilla.older.and(keys.into());
        self
    }

    /// Reads cookies of our own format under these keys too, and replaces each by one in Go's format when it is used.
    /// Use it while other instances run with [`accept_gorilla`](Self::accept_gorilla), since a visitor may reach
    /// either.
    #[must_use]
    pub fn with_next_key(mut self, key: impl Into<SecretKeys>) -> Self {
        self.gorilla.next = Some(key.into());
        self
    }

    /// Reads the cookies that a Go service made under this name, until a date, and replaces each by one of our own
    /// format when it is used. [`CookieStore::gorilla_opened`](crate::CookieStore::gorilla_opened) counts them.
    ///
    /// If a request has both cookies, ours wins. A Go session that does not fit into our format is read but not
    /// replaced. Its first put returns [`Error::TooLarge`](crate::Error::TooLarge).
    #[must_use]
    pub fn accept_gorilla(mut self, keys: impl Into<GorillaKeys>, until: SystemTime) -> Self {
        self.gorilla.accepted = Some((keys.into(), until));
        self
    }
}
