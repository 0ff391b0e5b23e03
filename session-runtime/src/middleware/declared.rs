//! A struct of keys that a layer was told of, and which of them can't be in one layer together.

use crate::data::SessionData;
use crate::error::ConfigError;
use crate::key::KeyInfo;

#[derive(Clone, Copy)]
pub(super) struct Declared {
    name: &'static str,
    keys: &'static [KeyInfo],
}

impl Declared {
    pub(super) fn of<T: SessionData>() -> Self {
        Self {
            name: short_name(core::any::type_name::<T>()),
            keys: T::KEYS,
        }
    }

    /// Each key with its struct.
    #[cfg(feature = "dev")]
    pub(super) fn keys(&self) -> impl Iterator<Item = (&'static str, &'static KeyInfo)> {
        let name = self.name;
        self.keys.iter().map(move |key| (name, key))
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().flat_map(names)
    }

    fn private(&self) -> impl Iterator<Item = &'static KeyInfo> {
        self.keys.iter().filter(|key| key.is_private())
    }

    pub(super) fn private_names(&self) -> impl Iterator<Item = &'static str> {
        self.private().flat_map(names)
    }

    /// That no other struct has one of its names.
    pub(super) fn check_apart(&self, others: &[Self]) -> Result<(), ConfigError> {
        let shared = others.iter().find_map(|other| self.collision(other));
        shared.map_or(Ok(()), |problem| Err(ConfigError::new(problem)))
    }

    fn collision(&self, other: &Self) -> Option<String> {
        if core::ptr::eq(self.keys, other.keys) && self.name == other.name {
            return None;
        }
        let key = self
            .names()
            .find(|name| other.names().any(|taken| taken == *name))?;
        Some(format!(
            "the key '{key}' is in {} and in {}: give one of them a `rename`, or its struct a `prefix`",
            other.name, self.name
        ))
    }

    /// That none of its private keys can be read by the visitor.
    pub(super) fn check_readers(&self, is_secret: bool) -> Result<(), ConfigError> {
        match self.private().next() {
            Some(key) if !is_secret => Err(ConfigError::new(format!(
                "the key '{}' of {} is private and this cookie is only signed, so the visitor could read it: \
                 set `encrypted` in its configuration",
                key.name(),
                self.name
            ))),
            _ => Ok(()),
        }
    }

    /// The key that says whose session it is, which is the present one where there is one already.
    pub(super) fn owner(
        &self,
        present: Option<&'static KeyInfo>,
    ) -> Result<Option<&'static KeyInfo>, ConfigError> {
        let Some(owner) = self.keys.iter().find(|key| key.is_owner()) else {
            return Ok(present);
        };
        match present.filter(|other| other.name() != owner.name()) {
            Some(other) => Err(ConfigError::new(format!(
                "the keys '{}' and '{}' of {} both say whose session it is: take `owner` from one of them",
                other.name(),
                owner.name(),
                self.name
            ))),
            None => Ok(Some(owner)),
        }
    }
}

fn names(key: &'static KeyInfo) -> impl Iterator<Item = &'static str> {
    core::iter::once(key.name()).chain(key.aliases().iter().copied())
}

/// `Cart<T>` of `shop::Cart<i64>`, without paths, stays `Cart<i64>`.
fn short_name(path: &'static str) -> &'static str {
    let generics = path.find('<').unwrap_or(path.len());
    let start = path
        .get(..generics)
        .and_then(|path| path.rfind("::"))
        .map_or(0, |at| at + 2);
    path.get(start..).unwrap_or(path)
}
