//! Format v1, the one description of its bytes. All integers are big-endian.
//!
//! ```text
//! value  = base64url without padding, canonical only, of  header(34) || body
//! header = mode u8 | kid[4] | born u40 | delta u32 | ttl u32 | sid[16]
//! body   = payload || HMAC-SHA256(K_sig, header || payload)                   mode 1, signed
//! ```

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::Mac;

use super::keys::{HmacSha256, MasterKey};
use crate::error::{Reason, Refusal};
use crate::id::SessionId;

const SIGNED: u8 = 1;
const HEADER: usize = 34;
const TAG: usize = 32;
/// What the cookie adds to the payload, before base64.
pub(super) const OVERHEAD: usize = HEADER + TAG;
/// The longest value that is looked at.
pub(super) const MAX_VALUE: usize = 4096;
/// The longest lifetime, 400 days: browsers keep no cookie longer (RFC 6265bis).
pub(super) const MAX_TTL: u64 = 34_560_000;
/// How far clocks of two servers may differ, in seconds.
const SKEW: u64 = 60;

const _: () = assert!(1 + 4 + 5 + 4 + 4 + 16 == HEADER);

/// The signing state of one key for one cookie name.
pub(super) struct TokenKey {
    id: [u8; 4],
    signer: HmacSha256,
}

impl TokenKey {
    pub(super) fn new(master: &MasterKey, name: &str, context: &str) -> Self {
        Self {
            id: master.id(),
            signer: master.signer(name, context),
        }
    }
}

/// What the header of a token says.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) id: SessionId,
    /// Seconds since 1970.
    pub(super) born: u64,
    /// Seconds since 1970, at least `born`.
    pub(super) issued_at: u64,
    /// Seconds.
    pub(super) ttl: u64,
}

/// The times by which a token is judged, in seconds.
pub(super) struct Limits {
    pub(super) max_age: u64,
    pub(super) absolute_max_age: Option<u64>,
}

/// A token whose MAC and times hold.
pub(super) struct Token {
    pub(super) header: Header,
    /// The decoded token.
    pub(super) bytes: Arc<[u8]>,
    /// Where the payload stands in it.
    pub(super) payload: (usize, usize),
    /// Which of the keys signed it.
    pub(super) key: usize,
}

/// Opens `value`: each check may only refuse, and nothing of the content is used before the MAC holds.
pub(super) fn open(
    value: &[u8],
    keys: &[TokenKey],
    limits: &Limits,
    now: u64,
) -> Result<Token, Refusal> {
    if value.len() > MAX_VALUE {
        return Err(Reason::TooLong.into());
    }
    let bytes = decode(value)?;
    let (signed, tag) = bytes
        .split_last_chunk::<TAG>()
        .filter(|(signed, _)| signed.len() >= HEADER)
        .ok_or(Reason::Malformed)?;
    let (head, _) = signed.split_first_chunk().ok_or(Reason::Malformed)?;
    let (mode, kid, header) = parse(head);
    if mode != SIGNED {
        return Err(Reason::Version.into());
    }
    let key = keys
        .iter()
        .position(|key| key.id == kid)
        .ok_or(Reason::UnknownKey)?;
    let signer = keys.get(key).ok_or(Reason::UnknownKey)?.signer.clone();
    // Compares in constant time.
    let verified = signer.chain_update(signed).verify(tag.into());
    verified.map_err(|_| Reason::BadMac)?;
    check_times(&header, limits, now)?;
    let payload = (HEADER, signed.len());
    Ok(Token {
        header,
        bytes,
        payload,
        key,
    })
}

/// The value of a cookie that `write` fills with the payload.
pub(super) fn seal(key: &TokenKey, header: &Header, write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = Vec::with_capacity(MAX_VALUE);
    let delta = u32::try_from(header.issued_at.saturating_sub(header.born)).unwrap_or(u32::MAX);
    let ttl = u32::try_from(header.ttl).unwrap_or(u32::MAX);
    bytes.push(SIGNED);
    bytes.extend_from_slice(&key.id);
    bytes.extend_from_slice(&header.born.to_be_bytes()[3..]);
    bytes.extend_from_slice(&delta.to_be_bytes());
    bytes.extend_from_slice(&ttl.to_be_bytes());
    bytes.extend_from_slice(header.id.as_bytes());
    write(&mut bytes);
    let tag = key
        .signer
        .clone()
        .chain_update(&bytes)
        .finalize()
        .into_bytes();
    bytes.extend_from_slice(&tag);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The length of the value over a payload of this length.
pub(super) const fn value_len(payload: usize) -> usize {
    ((OVERHEAD + payload) * 4).div_ceil(3)
}

/// Strict base64url: no padding, no spare bits, no other byte. So a value has one spelling only.
fn decode(value: &[u8]) -> Result<Arc<[u8]>, Refusal> {
    let len = value.len() / 4 * 3 + (value.len() % 4).saturating_sub(1);
    let mut bytes: Arc<[u8]> = core::iter::repeat_n(0, len).collect();
    let room = Arc::get_mut(&mut bytes).ok_or(Reason::Malformed)?;
    match BASE64_URL_SAFE_NO_PAD.decode_slice(value, room) {
        Ok(written) if written == len => Ok(bytes),
        _ => Err(Reason::Malformed.into()),
    }
}

fn parse(head: &[u8; HEADER]) -> (u8, [u8; 4], Header) {
    let number = |from: usize, to: usize| {
        let digits = head.get(from..to).unwrap_or_default();
        digits
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

fn check_times(header: &Header, limits: &Limits, now: u64) -> Result<(), Refusal> {
    if !(1..=MAX_TTL).contains(&header.ttl) {
        return Err(Reason::BadTime.into());
    }
    if header.issued_at > now.saturating_add(SKEW) {
        return Err(Reason::Future.into());
    }
    if now >= header.expires_at(limits) {
        return Err(Reason::Expired.into());
    }
    Ok(())
}

impl Header {
    /// The first second at which the token is refused.
    pub(super) fn expires_at(&self, limits: &Limits) -> u64 {
        let rolling = self.issued_at.saturating_add(self.lifetime(limits));
        match limits.absolute_max_age {
            Some(age) => rolling.min(self.born.saturating_add(age)),
            None => rolling,
        }
    }

    pub(super) fn lifetime(&self, limits: &Limits) -> u64 {
        self.ttl.min(limits.max_age)
    }
}
