//! From a configuration to the formats of a store: the one that is written, and those that are accepted besides.

use std::sync::Arc;

#[cfg(feature = "gorilla")]
use super::format::gorilla::Gorilla;
use super::format::v1::{Keys, Mode, V1};
use super::format::{Accepted, Format};
use super::keyring::{self, Keyring};
use crate::config::CookieStoreConfig;
use crate::error::{ConfigError, Result};
use crate::time::seconds;

/// The place of the store's own name in its list of names.
const OWN: usize = 0;

pub(super) struct Formats {
    /// What new cookies are written in.
    pub(super) own: Format,
    pub(super) accepted: Vec<Accepted>,
    pub(super) keyring: Keyring,
}

impl Formats {
    pub(super) fn new(config: &CookieStoreConfig) -> Result<Self, ConfigError> {
        #[cfg(feature = "gorilla")]
        if config.gorilla.is_format {
            return Self::gorilla(config);
        }
        let keys = keyring::keys(&config.name, &config.context, &config.key)?;
        #[cfg_attr(
            not(feature = "gorilla"),
            expect(unused_mut, reason = "the only other format")
        )]
        let mut accepted: Vec<Accepted> = accepted_signed(config, &keys).into_iter().collect();
        #[cfg(feature = "gorilla")]
        if let Some((keys, until)) = &config.gorilla.accepted {
            let format = Format::Gorilla(Gorilla::new(&config.name, keys.pairs()?));
            accepted.push(Accepted::new(format, OWN, seconds(*until)));
        }
        Ok(Self {
            own: Format::V1(V1::new(mode(config), Arc::clone(&keys))),
            accepted,
            keyring: Keyring::new(Some(keys)),
        })
    }

    /// A cookie in Go's format.
    #[cfg(feature = "gorilla")]
    fn gorilla(config: &CookieStoreConfig) -> Result<Self, ConfigError> {
        let pairs = config.gorilla.keys(&config.key).pairs()?;
        let next = config.gorilla.next.as_ref();
        let next = next.map(|key| keyring::keys(&config.name, &config.context, key));
        let next = next.transpose()?;
        let mut accepted = Vec::new();
        if let Some(keys) = &next {
            let format = Format::V1(V1::new(mode(config), Arc::clone(keys)));
            accepted.push(Accepted::new(format, OWN, u64::MAX));
            accepted.extend(accepted_signed(config, keys));
        }
        Ok(Self {
            own: Format::Gorilla(Gorilla::new(&config.name, pairs)),
            accepted,
            keyring: Keyring::new(next),
        })
    }
}

/// Cookies of ours that are only signed, where they are still read.
fn accepted_signed(config: &CookieStoreConfig, keys: &Arc<Keys>) -> Option<Accepted> {
    let until = seconds(config.accept_signed_until?);
    let format = Format::V1(V1::new(Mode::Signed, Arc::clone(keys)));
    Some(Accepted::new(format, OWN, until))
}

fn mode(config: &CookieStoreConfig) -> Mode {
    #[cfg(feature = "encrypted")]
    if config.encrypted {
        return Mode::Encrypted;
    }
    debug_assert!(
        !config.encrypted,
        "the check refuses what this build can't do"
    );
    Mode::Signed
}
