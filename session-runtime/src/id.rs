//! Session ids.

use core::fmt;
use core::str::FromStr;

use crate::error::Result;
use crate::random::fill_random;

/// The id of a session: 128 random bits, new at its start and at every `renew`.
///
/// Shown as 32 hexadecimal digits, for logs and revocation lists. It is no credential: a cookie is trusted for its
/// signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId([u8; 16]);

impl SessionId {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, as they stand in the cookie.
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

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({self})")
    }
}

impl FromStr for SessionId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let digits = text.as_bytes();
        if digits.len() != 32 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(ParseIdError);
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| ParseIdError)?;
        Ok(Self(number.to_be_bytes()))
    }
}

/// The text is no session id: 32 hexadecimal digits.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ParseIdError;

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a session id is 32 hexadecimal digits")
    }
}

impl std::error::Error for ParseIdError {}
