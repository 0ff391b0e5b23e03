//! The names of a store: of sessions, of owners and of writes.

use core::fmt;
use core::str::FromStr;

use crate::error::Result;
use crate::id::SessionId;
use crate::random::fill_random;

/// The id of a session in its store: a hash of the id in the cookie, from which nobody can make a cookie.
///
/// Shown as 64 hexadecimal digits, and read back from them: it may go to the browser and come back, to sign out one
/// session of a list.
///
/// ```
/// use session_runtime::store::StoreId;
///
/// let text = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// let id: StoreId = text.parse()?;
/// assert_eq!(id.to_string(), text);
/// assert!("not an id".parse::<StoreId>().is_err());
/// # Ok::<(), session_runtime::store::ParseStoreIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreId([u8; 32]);

impl StoreId {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, by which engines keep it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What [`Session::id`](crate::Session::id) and events show of it: its first half.
    pub(crate) fn shown(&self) -> SessionId {
        let half = self.0.first_chunk();
        SessionId::from_bytes(*half.expect("half of 32 bytes"))
    }
}

/// Whose sessions they are: a hash of the owner key's value. Nobody can read the value from it, but who knows a value
/// can compare.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerId([u8; 32]);

impl OwnerId {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, by which engines keep it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The id of one write, which is the version of the row that it makes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId([u8; 16]);

impl WriteId {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, by which engines keep it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; 16];
        fill_random(&mut bytes)?;
        Ok(Self(bytes))
    }
}

macro_rules! shown_in_hex {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    )*};
}

shown_in_hex!(StoreId, OwnerId, WriteId);

impl FromStr for StoreId {
    type Err = ParseStoreIdError;

    fn from_str(text: &str) -> Result<Self, ParseStoreIdError> {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() {
            return Err(ParseStoreIdError);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let number = pair
                .iter()
                .try_fold(0, |number, &next| Some(number << 4 | digit(next)?));
            *byte = number
                .and_then(|number| u8::try_from(number).ok())
                .ok_or(ParseStoreIdError)?;
        }
        Ok(Self(bytes))
    }
}

/// The text is no [`StoreId`]: 64 hexadecimal digits.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ParseStoreIdError;

impl fmt::Display for ParseStoreIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of a session in its store is 64 hexadecimal digits")
    }
}

impl std::error::Error for ParseStoreIdError {}
