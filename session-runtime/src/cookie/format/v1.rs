//! Format v1, the one description of its bytes. All integers are big-endian.
//!
//! ```text
//! value  = base64url without padding, canonical only, of  header(34) || body
//! header = mode u8 | kid[4] | born u40 | delta u32 | ttl u32 | sid[16]
//! ```
//!
//! The body depends on the mode; [`keys`] derives what protects it.

mod base64url;
#[cfg(feature = "encrypted")]
mod encrypted;
mod keys;
mod signed;

use core::ops::Range;
use std::sync::Arc;

pub(in crate::cookie) use keys::{Keys, TokenKey};

use super::{Header, Rules, Token};
use crate::error::{Reason, Refusal, Result};
use crate::id::SessionId;
use crate::limits::{EMPTY_SIGNED, MAX_COOKIE, MAX_LIFETIME};
use crate::record::Record;

const HEADER: usize = 34;

const _: () = assert!(1 + 4 + 5 + 4 + 4 + 16 == HEADER);
const _: () = assert!(MAX_LIFETIME <= u32::MAX as u64);
const _: () = assert!(Mode::Signed.value_len("{}".len()) == EMPTY_SIGNED);
#[cfg(feature = "encrypted")]
const _: () = assert!(Mode::Encrypted.value_len("{}".len()) == crate::limits::EMPTY_ENCRYPTED);

/// The format with its keys.
pub(in crate::cookie) struct V1 {
    mode: Mode,
    keys: Arc<Keys>,
}

/// How the body is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cookie) enum Mode {
    Signed = 1,
    #[cfg(feature = "encrypted")]
    Encrypted = 2,
}

impl Mode {
    /// The bytes that the mode adds to the payload, before base64.
    const fn overhead(self) -> usize {
        match self {
            Self::Signed => signed::OVERHEAD,
            #[cfg(feature = "encrypted")]
            Self::Encrypted => encrypted::OVERHEAD,
        }
    }

    /// The length of the value over a payload of this length.
    const fn value_len(self, payload: usize) -> usize {
        base64url::encoded_len(self.overhead() + payload)
    }
}

/// A decoded token and the range of its payload.
type Unsealed = (Vec<u8>, Range<usize>);

impl V1 {
    pub(in crate::cookie) fn new(mode: Mode, keys: Arc<Keys>) -> Self {
        Self { mode, keys }
    }

    pub(in crate::cookie) fn is_encrypted(&self) -> bool {
        self.mode != Mode::Signed
    }

    /// Opens `value`. Each check may only refuse, and no content is used before the MAC is verified.
    pub(in crate::cookie) fn open(
        &self,
        value: &[u8],
        rules: &Rules,
        now: u64,
    ) -> Result<Token, Refusal> {
        if value.len() > MAX_COOKIE {
            return Err(Reason::TooLong.into());
        }
        let bytes = base64url::decode(value).ok_or(Reason::Malformed)?;
        if bytes.len() < self.mode.overhead() {
            return Err(Reason::Malformed.into());
        }
        let head = bytes.first_chunk().ok_or(Reason::Malformed)?;
        let (mode, kid, header) = parse(head);
        if mode != self.mode as u8 {
            return Err(Reason::Version.into());
        }
        let keys = self.keys.read();
        let at = keys.iter().position(|key| key.id == kid);
        let at = at.ok_or(Reason::UnknownKey)?;
        let key = &keys[at];
        let (bytes, payload) = match self.mode {
            Mode::Signed => signed::open(key, bytes)?,
            #[cfg(feature = "encrypted")]
            Mode::Encrypted => encrypted::open(key, &header.id, bytes)?,
        };
        if !(1..=MAX_LIFETIME).contains(&header.ttl) {
            return Err(Reason::BadTime.into());
        }
        rules.check_times(&header, now)?;
        key.count_opened();
        Ok(Token {
            header,
            bytes,
            payload,
            kept: None,
            outdated: at > 0,
            has_id: true,
        })
    }

    pub(in crate::cookie) fn seal<'a>(
        &'a self,
        record: &'a Record,
        header: &Header,
        now: u64,
    ) -> Sealing<'a> {
        Sealing {
            v1: self,
            record: Some(record),
            header: *header,
            now,
            payload_len: record.payload_len(now),
        }
    }

    /// A token without a payload.
    #[cfg(feature = "store")]
    pub(in crate::cookie) fn seal_bare(&self, header: &Header, now: u64) -> Sealing<'_> {
        Sealing {
            v1: self,
            record: None,
            header: *header,
            now,
            payload_len: 0,
        }
    }
}

/// A cookie's value that is about to be written.
pub(in crate::cookie) struct Sealing<'a> {
    v1: &'a V1,
    /// `None` for an empty payload.
    record: Option<&'a Record>,
    header: Header,
    now: u64,
    payload_len: usize,
}

impl Sealing<'_> {
    pub(in crate::cookie) fn len(&self) -> usize {
        self.v1.mode.value_len(self.payload_len)
    }

    pub(in crate::cookie) fn write(self, text: &mut Vec<u8>) -> Result<()> {
        let keys = self.v1.keys.read();
        let key = keys.first().expect("a ring is never without keys");
        let write = |payload: &mut Vec<u8>| {
            if let Some(record) = self.record {
                record.write(self.now, payload);
            }
        };
        seal(
            key,
            self.v1.mode,
            &self.header,
            (self.payload_len, write),
            text,
        )
    }
}

/// Appends the value of a cookie to `value`. `write` appends the payload, which has this length.
#[cfg_attr(not(feature = "encrypted"), expect(clippy::unnecessary_wraps))]
fn seal(
    key: &TokenKey,
    mode: Mode,
    header: &Header,
    (payload_len, write): (usize, impl FnOnce(&mut Vec<u8>)),
    value: &mut Vec<u8>,
) -> Result<()> {
    let mut token = Vec::with_capacity(mode.overhead() + payload_len);
    let delta = u32::try_from(header.issued_at.saturating_sub(header.born)).unwrap_or(u32::MAX);
    let ttl = u32::try_from(header.ttl).expect("a lifetime is at most 400 days");
    token.push(mode as u8);
    token.extend_from_slice(&key.id);
    token.extend_from_slice(&header.born.to_be_bytes()[3..]);
    token.extend_from_slice(&delta.to_be_bytes());
    token.extend_from_slice(&ttl.to_be_bytes());
    token.extend_from_slice(header.id.as_bytes());
    match mode {
        Mode::Signed => {
            write(&mut token);
            signed::seal(key, &mut token);
        }
        #[cfg(feature = "encrypted")]
        Mode::Encrypted => encrypted::seal(key, &header.id, &mut token, write)?,
    }
    base64url::encode(&token, value);
    Ok(())
}

/// The readable parts of a value that seems to have this format: whether it is encrypted, the key id, and the header.
/// Nothing is verified.
pub(in crate::cookie) fn outside(value: &[u8]) -> Option<(bool, [u8; 4], Header)> {
    const ENCRYPTED: u8 = 2;
    let bytes = base64url::decode(value)?;
    let (mode, key_id, header) = parse(bytes.first_chunk()?);
    let is_ours = (mode == Mode::Signed as u8 || mode == ENCRYPTED)
        && (1..=MAX_LIFETIME).contains(&header.ttl);
    is_ours.then_some((mode == ENCRYPTED, key_id, header))
}

fn parse(head: &[u8; HEADER]) -> (u8, [u8; 4], Header) {
    let number = |from: usize, to: usize| {
        head[from..to]
            .iter()
            .fold(0, |number, &byte| number << 8 | u64::from(byte))
    };
    let mut kid = [0; 4];
    kid.copy_from_slice(&head[1..5]);
    let mut id = [0; 16];
    id.copy_from_slice(&head[18..]);
    let born = number(5, 10);
    let header = Header {
        id: SessionId::from_bytes(id),
        born,
        issued_at: born + number(10, 14),
        ttl: number(14, 18),
    };
    (head[0], kid, header)
}

#[cfg(test)]
mod tests;
