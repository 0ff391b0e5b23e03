//! The layer of gorilla/securecookie around a payload: date, HMAC and base64, with AES-CTR below.
//!
//! Stricter than Go where Go is lax: no CR or LF and no spare bits in the base64, no date more than a day in the
//! future.

use aes::{Aes128, Aes192, Aes256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::config::KeyPair;
use crate::error::Reason;
use crate::limits::MAX_AHEAD;

pub(super) const IV: usize = 16;

/// What one key pair does: sign, and encrypt where it has a block key.
#[derive(Clone)]
pub(super) struct SecureCookie {
    hash_key: Zeroizing<Vec<u8>>,
    block_key: Option<BlockKey>,
}

/// An AES key of 16, 24 or 32 bytes.
#[derive(Clone)]
struct BlockKey(Zeroizing<Vec<u8>>);

/// A payload whose signature and date are good.
pub(super) struct Verified {
    pub(super) issued_at: u64,
    /// Identifies the cookie: the first bytes of its MAC.
    pub(super) id: [u8; 16],
    pub(super) payload: Vec<u8>,
}

impl SecureCookie {
    pub(super) fn new(keys: KeyPair) -> Self {
        Self {
            hash_key: keys.hash,
            block_key: keys.block.map(BlockKey::new),
        }
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.block_key.is_some()
    }

    /// Opens a cookie's value. A `max_age` of 0 is no limit, as in Go.
    pub(super) fn open(
        &self,
        name: &str,
        value: &[u8],
        now: u64,
        max_age: u64,
    ) -> Result<Verified, Reason> {
        let token = URL_SAFE.decode(value).map_err(|_| Reason::Malformed)?;
        let Parts {
            signed,
            date,
            body,
            mac,
        } = split(&token).ok_or(Reason::Malformed)?;
        self.mac(name, signed)
            .verify_slice(mac)
            .map_err(|_| Reason::BadMac)?;
        let issued_at = parse_date(date).ok_or(Reason::BadTime)?;
        if issued_at > now.saturating_add(MAX_AHEAD) {
            return Err(Reason::Future);
        }
        if max_age != 0 && issued_at < now.saturating_sub(max_age) {
            return Err(Reason::Expired);
        }
        let body = URL_SAFE.decode(body).map_err(|_| Reason::Payload)?;
        let payload = match &self.block_key {
            None => body,
            Some(key) => key.decrypt(&body).ok_or(Reason::Payload)?,
        };
        let id = *mac.first_chunk().ok_or(Reason::BadMac)?;
        Ok(Verified {
            issued_at,
            id,
            payload,
        })
    }

    /// The cookie's value. The IV must be random. It is used only with a block key.
    pub(super) fn seal(&self, name: &str, payload: &[u8], issued_at: u64, iv: [u8; IV]) -> String {
        let body = match &self.block_key {
            None => URL_SAFE.encode(payload),
            Some(key) => URL_SAFE.encode(key.encrypt(payload, iv)),
        };
        let mut token = format!("{issued_at}|{body}").into_bytes();
        let mac = self.mac(name, &token).finalize().into_bytes();
        token.push(b'|');
        token.extend_from_slice(&mac);
        URL_SAFE.encode(token)
    }

    fn mac(&self, name: &str, signed: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.hash_key)
            .expect("an HMAC takes a key of any length");
        mac.update(name.as_bytes());
        mac.update(b"|");
        mac.update(signed);
        mac
    }
}

/// The issue time in a value that seems to have this format. Nothing is verified.
pub(in crate::cookie) fn outside(value: &[u8]) -> Option<u64> {
    let token = URL_SAFE.decode(value).ok()?;
    parse_date(split(&token)?.date)
}

/// `date|body|mac`. The MAC covers what is before it.
struct Parts<'a> {
    signed: &'a [u8],
    date: &'a [u8],
    body: &'a [u8],
    mac: &'a [u8],
}

/// Splits at the first two bars, since the bytes of the MAC may contain a bar.
fn split(token: &[u8]) -> Option<Parts<'_>> {
    let mut bars = (0..token.len()).filter(|&at| token[at] == b'|');
    let (first, second) = (bars.next()?, bars.next()?);
    Some(Parts {
        signed: &token[..second],
        date: &token[..first],
        body: &token[first + 1..second],
        mac: &token[second + 1..],
    })
}

fn parse_date(date: &[u8]) -> Option<u64> {
    core::str::from_utf8(date).ok()?.parse().ok()
}

impl BlockKey {
    fn new(key: Zeroizing<Vec<u8>>) -> Self {
        assert!(
            matches!(key.len(), 16 | 24 | 32),
            "the length was checked with the configuration"
        );
        Self(key)
    }

    fn encrypt(&self, payload: &[u8], iv: [u8; IV]) -> Vec<u8> {
        let mut body = iv.to_vec();
        body.extend_from_slice(payload);
        self.apply(&iv, &mut body[IV..]);
        body
    }

    /// Go refuses an empty ciphertext too.
    fn decrypt(&self, body: &[u8]) -> Option<Vec<u8>> {
        let (iv, payload) = body.split_first_chunk::<IV>()?;
        let mut payload = payload.to_vec();
        self.apply(iv, &mut payload);
        (!payload.is_empty()).then_some(payload)
    }

    fn apply(&self, iv: &[u8; IV], data: &mut [u8]) {
        match self.0.len() {
            16 => apply::<Ctr128BE<Aes128>>(&self.0, iv, data),
            24 => apply::<Ctr128BE<Aes192>>(&self.0, iv, data),
            _ => apply::<Ctr128BE<Aes256>>(&self.0, iv, data),
        }
    }
}

fn apply<C: KeyIvInit + StreamCipher>(key: &[u8], iv: &[u8], data: &mut [u8]) {
    let mut cipher =
        C::new_from_slices(key, iv).expect("the length was checked with the configuration");
    cipher.apply_keystream(data);
}
