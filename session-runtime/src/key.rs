//! Keys: a name with a type and its rules, or a name alone.

use core::fmt;
use core::time::Duration;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{BoxError, Error, Result};
use crate::json::{decode, encode, encode_readable};
use crate::raw::RawValue;

/// What is known of a key besides its type: its name and the options of its field.
///
/// The derive makes one per field; by hand: `KeyInfo::new("notice").flash()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyInfo {
    name: &'static str,
    aliases: &'static [&'static str],
    ttl: Option<u64>,
    max_len: Option<usize>,
    flash: bool,
    private: bool,
    owner: bool,
    missing: u16,
}

impl KeyInfo {
    /// A key of this name without options.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            ttl: None,
            max_len: None,
            flash: false,
            private: false,
            owner: false,
            missing: 401,
        }
    }

    /// Older or newer names of the same key: reads fall back to them, a put removes them.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// const MAIL: Key<String> = Key::with_info(KeyInfo::new("email").with_aliases(&["mail"]));
    /// ```
    #[must_use]
    pub const fn with_aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The value disappears this long after it was put. Counted in whole seconds.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// use std::time::Duration;
    ///
    /// const CODE: Key<String> =
    ///     Key::with_info(KeyInfo::new("code").with_ttl(Duration::from_secs(600)));
    /// ```
    #[must_use]
    pub const fn with_ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl.as_secs());
        self
    }

    /// The encoded value may have at most this many bytes.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// const NAME: Key<String> = Key::with_info(KeyInfo::new("name").with_max_len(100));
    /// ```
    #[must_use]
    pub const fn with_max_len(mut self, bytes: usize) -> Self {
        self.max_len = Some(bytes);
        self
    }

    /// Shown once: gone from the cookie after the request in which a typed get reads it.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash());
    /// ```
    #[must_use]
    pub const fn flash(mut self) -> Self {
        self.flash = true;
        self
    }

    /// Refused unless the cookie is encrypted.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// const TOKEN: Key<String> = Key::with_info(KeyInfo::new("token").private());
    /// ```
    #[must_use]
    pub const fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// Says whose session it is.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// const UID: Key<i64> = Key::with_info(KeyInfo::new("uid").owner());
    /// ```
    #[must_use]
    pub const fn owner(mut self) -> Self {
        self.owner = true;
        self
    }

    /// The status of [`Error::Missing`] for this key, 401 unless said here.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// const CART: Key<Vec<u64>> = Key::with_info(KeyInfo::new("cart").with_missing_status(404));
    /// ```
    #[must_use]
    pub const fn with_missing_status(mut self, status: u16) -> Self {
        self.missing = status;
        self
    }

    /// The name in the cookie.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The other names that reads fall back to.
    #[must_use]
    pub const fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }

    /// How long a value lives after a put, where the key has such a limit.
    #[must_use]
    pub const fn ttl(&self) -> Option<Duration> {
        match self.ttl {
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => None,
        }
    }

    /// The most bytes that the encoded value may have, where the key has such a limit.
    #[must_use]
    pub const fn max_len(&self) -> Option<usize> {
        self.max_len
    }

    /// Whether the value is shown once.
    #[must_use]
    pub const fn is_flash(&self) -> bool {
        self.flash
    }

    /// Whether the key is refused unless the cookie is encrypted.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.private
    }

    /// Whether the key says whose session it is.
    #[must_use]
    pub const fn is_owner(&self) -> bool {
        self.owner
    }

    /// The status of [`Error::Missing`] for this key.
    #[must_use]
    pub const fn missing_status(&self) -> u16 {
        self.missing
    }
}

/// A typed key: a name in the cookie, its options, and how a `T` is stored under it.
///
/// `#[derive(SessionData)]` makes one per field. By hand: `const UID: Key<i64> = Key::new("uid");`
///
/// What a put takes, a get reads back. A number that JSON has no text for, NaN or an infinity, is refused wherever it
/// stands in the value. A value that its own type does not decode is refused too: serde's tagged, untagged and
/// flattened types do not decode a map with numbers for keys, or an integer of 128 bits. Both are [`Error::Encode`].
///
/// For that a put decodes what it encoded, but not strings, numbers, `bool` and `char`. This is two fifths of a put's
/// work: 1,900 of 5,000 instructions for a struct of three fields, 23,000 of 53,000 for a list of 100 integers.
pub struct Key<T> {
    info: KeyInfo,
    encode: fn(&T, &mut RawValue) -> Result<(), BoxError>,
    decode: fn(&[u8]) -> Result<T, BoxError>,
}

impl<T: Serialize + DeserializeOwned> Key<T> {
    /// A key of this name without options.
    ///
    /// ```
    /// use session_runtime::{Key, Result, Session};
    ///
    /// const UID: Key<i64> = Key::new("uid");
    ///
    /// fn uid(session: &Session) -> Result<i64> {
    ///     session.require(UID)
    /// }
    /// ```
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self::with_info(KeyInfo::new(name))
    }

    /// A key with options: `Key::with_info(KeyInfo::new("notice").flash())`.
    ///
    /// ```
    /// use session_runtime::{Key, KeyInfo};
    ///
    /// const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash().with_max_len(200));
    /// assert!(NOTICE.info().is_flash());
    /// ```
    #[must_use]
    pub const fn with_info(info: KeyInfo) -> Self {
        Self {
            info,
            encode: encode_readable::<T>,
            decode: decode::<T>,
        }
    }
}

impl<T> Key<T> {
    /// The name in the cookie.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.info.name
    }

    /// The name and options.
    #[must_use]
    pub const fn info(&self) -> &KeyInfo {
        &self.info
    }
}

impl<T> Copy for Key<T> {}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.info.name).finish()
    }
}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::Key<T> {}
    impl<T> Sealed for &super::Key<T> {}
    impl Sealed for &str {}
    impl Sealed for String {}
    impl Sealed for &String {}
}

/// What names a key: a [`Key`], or text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a session key",
    label = "expected a typed key such as `Account::UID`, or a name: `&str`, `String`, `&String`"
)]
pub trait KeyName: sealed::Sealed {
    #[doc(hidden)]
    fn name(&self) -> &str;
    #[doc(hidden)]
    fn info(&self) -> Option<&KeyInfo>;
}

/// A key under which a `T` can be read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a session key for `{T}`",
    label = "a typed key reads its own type only; a name (`&str`) reads any `T: DeserializeOwned`"
)]
pub trait GetKey<T>: KeyName {
    #[doc(hidden)]
    fn decode(&self, raw: &[u8]) -> Result<T, BoxError>;
}

/// A key under which a `T` can be stored.
#[diagnostic::on_unimplemented(
    message = "a `{T}` can't be put under the session key `{Self}`",
    label = "a typed key stores its own type only; a name (`&str`) stores any `T: Serialize`"
)]
pub trait PutKey<T>: KeyName {
    #[doc(hidden)]
    fn encode(&self, value: &T, raw: &mut RawValue) -> Result<(), BoxError>;
}

impl<T> KeyName for Key<T> {
    fn name(&self) -> &str {
        self.info.name
    }
    fn info(&self) -> Option<&KeyInfo> {
        Some(&self.info)
    }
}

impl<T> GetKey<T> for Key<T> {
    fn decode(&self, raw: &[u8]) -> Result<T, BoxError> {
        (self.decode)(raw)
    }
}

impl<T> PutKey<T> for Key<T> {
    fn encode(&self, value: &T, raw: &mut RawValue) -> Result<(), BoxError> {
        (self.encode)(value, raw)
    }
}

impl<T> KeyName for &Key<T> {
    fn name(&self) -> &str {
        self.info.name
    }
    fn info(&self) -> Option<&KeyInfo> {
        Some(&self.info)
    }
}

impl<T> GetKey<T> for &Key<T> {
    fn decode(&self, raw: &[u8]) -> Result<T, BoxError> {
        (self.decode)(raw)
    }
}

impl<T> PutKey<T> for &Key<T> {
    fn encode(&self, value: &T, raw: &mut RawValue) -> Result<(), BoxError> {
        (self.encode)(value, raw)
    }
}

macro_rules! text_key {
    ($($name:ty),*) => {$(
        impl KeyName for $name {
            fn name(&self) -> &str {
                self
            }
            fn info(&self) -> Option<&KeyInfo> {
                None
            }
        }

        impl<T: DeserializeOwned> GetKey<T> for $name {
            fn decode(&self, raw: &[u8]) -> Result<T, BoxError> {
                decode(raw)
            }
        }

        impl<T: Serialize> PutKey<T> for $name {
            fn encode(&self, value: &T, raw: &mut RawValue) -> Result<(), BoxError> {
                encode(value, raw)
            }
        }
    )*};
}

text_key!(&str, String, &String);

/// Names that the cookie format keeps for itself.
pub(crate) fn check_name(name: &str) -> Result<()> {
    if name.starts_with('~') {
        return Err(Error::ReservedKey {
            key: name.to_owned(),
        });
    }
    Ok(())
}
