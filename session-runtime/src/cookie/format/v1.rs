//! Format v1, the one description of its bytes. All integers are big-endian.
//!
//! ```text
//! value  = base64url without padding, canonical only, of  header(34) || body
//! header = mode u8 | kid[4] | born u40 | delta u32 | ttl u32 | sid[16]
//! ```
//!
//! The body depends on the mode.

mod base64url;
#[cfg(feature = "encrypted")]
mod encrypted;
mod signed;

use core::sync::atomic::{AtomicU64, Ordering};

use crate::config::{HmacSha256, MasterKey};
use crate::error::{Reason, Refusal, Result};
use crate::id::SessionId;

const HEADER: usize = 34;
/// The longest value that is looked at.
pub(crate) const MAX_VALUE: usize = 4096;
/// The longest lifetime in seconds, 400 days: browsers keep no cookie longer (RFC 6265bis, 5.5).
pub(crate) const MAX_TTL: u64 = 34_560_000;
/// How far clocks of two servers may differ, in seconds.
const SKEW: u64 = 60;

const _: () = assert!(1 + 4 + 5 + 4 + 4 + 16 == HEADER);
const _: () = assert!(MAX_TTL <= u32::MAX as u64);

/// How the body is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Signed = 1,
    #[cfg(feature = "encrypted")]
    Encrypted = 2,
}

impl Mode {
    /// What the cookie adds to the payload, before base64.
    const fn overhead(self) -> usize {
        match self {
            Self::Signed => signed::OVERHEAD,
            #[cfg(feature = "encrypted")]
            Self::Encrypted => encrypted::OVERHEAD,
        }
    }

    /// The length of the value over a payload of this length.
    pub(crate) const fn value_len(self, payload: usize) -> usize {
        base64url::encoded_len(self.overhead() + payload)
    }
}

/// One key's state for one cookie name.
pub(crate) struct TokenKey {
    pub(crate) id: [u8; 4],
    signer: HmacSha256,
    #[cfg(feature = "encrypted")]
    encryptor: HmacSha256,
    /// How many tokens were opened under it.
    opened: AtomicU64,
}

impl TokenKey {
    pub(crate) fn new(master: &MasterKey, name: &str, context: &str) -> Self {
        Self {
            id: master.id(),
            signer: master.signer(name, context),
            #[cfg(feature = "encrypted")]
            encryptor: master.encryptor(name, context),
            opened: AtomicU64::new(0),
        }
    }

    pub(crate) fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    pub(crate) fn count_from(&self, opened: u64) {
        self.opened.store(opened, Ordering::Relaxed);
    }
}

/// What the header of a token says.
#[derive(Clone, Copy)]
pub(crate) struct Header {
    pub(crate) id: SessionId,
    /// Seconds since 1970.
    pub(crate) born: u64,
    /// Seconds since 1970, at least `born`.
    pub(crate) issued_at: u64,
    /// Seconds.
    pub(crate) ttl: u64,
}

/// What a token must be to be opened; times in seconds.
pub(crate) struct Rules {
    pub(crate) mode: Mode,
    /// Until when signed tokens are opened as well.
    pub(crate) signed_until: u64,
    pub(crate) max_age: u64,
    pub(crate) absolute_max_age: Option<u64>,
}

/// A decoded token and where its payload stands in it.
type Opened = (Vec<u8>, (usize, usize));

/// A token whose MAC and times hold.
pub(crate) struct Token {
    pub(crate) header: Header,
    pub(crate) bytes: Vec<u8>,
    pub(crate) payload: (usize, usize),
    /// Made by a key or in a mode that new tokens are no longer made with.
    pub(crate) outdated: bool,
    /// Whether the id stands in the token, not made up for it.
    pub(crate) has_id: bool,
}

/// Opens `value`: each check may only refuse, and nothing of the content is used before the MAC holds.
pub(crate) fn open(
    value: &[u8],
    keys: &[TokenKey],
    rules: &Rules,
    now: u64,
) -> Result<Token, Refusal> {
    if value.len() > MAX_VALUE {
        return Err(Reason::TooLong.into());
    }
    let bytes = base64url::decode(value).ok_or(Reason::Malformed)?;
    if bytes.len() < rules.mode.overhead() {
        return Err(Reason::Malformed.into());
    }
    let head = bytes.first_chunk().ok_or(Reason::Malformed)?;
    let (mode, kid, header) = parse(head);
    let mode = rules.accepted(mode, now).ok_or(Reason::Version)?;
    if bytes.len() < mode.overhead() {
        return Err(Reason::Malformed.into());
    }
    let at = keys
        .iter()
        .position(|key| key.id == kid)
        .ok_or(Reason::UnknownKey)?;
    let key = keys.get(at).ok_or(Reason::UnknownKey)?;
    let (bytes, payload) = match mode {
        Mode::Signed => signed::open(key, bytes)?,
        #[cfg(feature = "encrypted")]
        Mode::Encrypted => encrypted::open(key, &header.id, bytes)?,
    };
    rules.check_times(&header, now)?;
    key.opened.fetch_add(1, Ordering::Relaxed);
    Ok(Token {
        header,
        bytes,
        payload,
        outdated: at > 0 || mode != rules.mode,
        has_id: true,
    })
}

/// Appends the value of a cookie to `value`; `write` appends the payload, of this length.
#[cfg_attr(not(feature = "encrypted"), expect(clippy::unnecessary_wraps))]
pub(crate) fn seal(
    key: &TokenKey,
    mode: Mode,
    header: &Header,
    (payload_len, write): (usize, impl FnOnce(&mut Vec<u8>)),
    value: &mut Vec<u8>,
) -> Result<()> {
    // The token is made where its text will end, and becomes that text in place.
    let text_at = value.len();
    let token_at = base64url::bytes_at(text_at, mode.overhead() + payload_len);
    value.resize(token_at, 0);
    let delta = u32::try_from(header.issued_at.saturating_sub(header.born)).unwrap_or(u32::MAX);
    let ttl = u32::try_from(header.ttl).expect("a lifetime is at most 400 days");
    value.push(mode as u8);
    value.extend_from_slice(&key.id);
    value.extend_from_slice(&header.born.to_be_bytes()[3..]);
    value.extend_from_slice(&delta.to_be_bytes());
    value.extend_from_slice(&ttl.to_be_bytes());
    value.extend_from_slice(header.id.as_bytes());
    match mode {
        Mode::Signed => {
            write(value);
            signed::seal(key, value, token_at);
        }
        #[cfg(feature = "encrypted")]
        Mode::Encrypted => encrypted::seal(key, &header.id, value, token_at, write)?,
    }
    base64url::encode_tail(value, text_at, token_at);
    Ok(())
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

impl Rules {
    /// The mode of this number, where it may be opened now.
    fn accepted(&self, mode: u8, now: u64) -> Option<Mode> {
        if mode == self.mode as u8 {
            return Some(self.mode);
        }
        (mode == Mode::Signed as u8 && now < self.signed_until).then_some(Mode::Signed)
    }

    fn check_times(&self, header: &Header, now: u64) -> Result<(), Refusal> {
        if !(1..=MAX_TTL).contains(&header.ttl) {
            return Err(Reason::BadTime.into());
        }
        if header.issued_at > now.saturating_add(SKEW) {
            return Err(Reason::Future.into());
        }
        if now >= self.expires_at(header) {
            return Err(Reason::Expired.into());
        }
        Ok(())
    }

    /// The first second at which the token is refused.
    pub(crate) fn expires_at(&self, header: &Header) -> u64 {
        let rolling = header.issued_at.saturating_add(self.lifetime(header));
        match self.absolute_max_age {
            Some(age) => rolling.min(header.born.saturating_add(age)),
            None => rolling,
        }
    }

    /// Whether the session is at its end, however lately its token was made.
    #[cfg(feature = "gorilla")]
    pub(crate) fn is_too_old(&self, header: &Header, now: u64) -> bool {
        self.absolute_max_age
            .is_some_and(|age| now >= header.born.saturating_add(age))
    }

    pub(crate) fn lifetime(&self, header: &Header) -> u64 {
        header.ttl.min(self.max_age)
    }
}

#[cfg(test)]
mod tests;
