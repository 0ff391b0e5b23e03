//! The payload at rest, the one description of its bytes: `mode u8 (1 plain, 2 sealed) || body`.
//!
//! A plain body is the payload's text. A sealed one needs the id in the cookie, which no store knows.

#[cfg(feature = "encrypted")]
mod sealed;

use super::{StoreError, StoreId, WriteId};
use crate::error::Result;
use crate::id::SessionId;

const PLAIN: u8 = 1;
const SEALED: u8 = 2;

/// How a layer writes payloads; it reads either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Plain,
    #[cfg(feature = "encrypted")]
    Sealed,
}

impl Mode {
    pub(crate) fn new(is_sealed: bool) -> Self {
        match is_sealed {
            #[cfg(feature = "encrypted")]
            true => Self::Sealed,
            _ => Self::Plain,
        }
    }
}

/// What a payload is bound to.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "encrypted"),
    expect(dead_code, reason = "only a sealed payload is bound")
)]
pub(crate) struct Binding<'a> {
    pub(crate) sid: &'a SessionId,
    pub(crate) id: &'a StoreId,
    pub(crate) version: &'a WriteId,
}

/// The payload as a row keeps it.
#[cfg_attr(
    not(feature = "encrypted"),
    expect(unused_variables, clippy::unnecessary_wraps)
)]
pub(crate) fn close(mode: Mode, bound: Binding<'_>, text: &[u8]) -> Result<Vec<u8>> {
    match mode {
        Mode::Plain => Ok([&[PLAIN], text].concat()),
        #[cfg(feature = "encrypted")]
        Mode::Sealed => sealed::seal(bound, text),
    }
}

/// The payload's text.
#[cfg_attr(not(feature = "encrypted"), expect(unused_variables))]
pub(crate) fn open(bound: Binding<'_>, mut bytes: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    match bytes.first() {
        Some(&PLAIN) => {
            bytes.remove(0);
            Ok(bytes)
        }
        #[cfg(feature = "encrypted")]
        Some(&SEALED) => sealed::open(bound, bytes),
        Some(&mode) if mode >= SEALED => Err(StoreError::unavailable(format!(
            "a row is in mode {mode}, which this build of the program does not read"
        ))),
        _ => Err(StoreError::corrupt("a payload begins with no mode")),
    }
}

#[cfg(test)]
mod tests;
