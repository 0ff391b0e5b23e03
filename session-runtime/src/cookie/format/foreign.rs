//! A reader of another framework's cookie. It tests that a new format needs one file and one match arm.
//!
//! The value is `payload.hex(HMAC-SHA256(key, payload))`. The payload is base64url of JSON, which holds the second of
//! issue.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{Header, Rules, Token};
use crate::error::{Reason, Refusal};
use crate::id::SessionId;

pub(in crate::cookie) struct Foreign {
    pub(in crate::cookie) key: Vec<u8>,
}

#[derive(serde::Deserialize)]
struct Times {
    at: u64,
}

impl Foreign {
    /// The cookie's value as the other framework makes it.
    pub(in crate::cookie) fn value(&self, payload: &str) -> String {
        let text = BASE64_URL_SAFE_NO_PAD.encode(payload);
        let mac = self.mac(text.as_bytes()).finalize().into_bytes();
        let mac = u128s(mac.into());
        format!("{text}.{:032x}{:032x}", mac[0], mac[1])
    }

    pub(in crate::cookie) fn open(
        &self,
        value: &[u8],
        rules: &Rules,
        now: u64,
    ) -> Result<Token, Refusal> {
        let dot = value.iter().position(|&byte| byte == b'.');
        let (text, tag) = value.split_at(dot.ok_or(Reason::Malformed)?);
        let tag: Option<Vec<u8>> = tag[1..].chunks(2).map(byte).collect();
        let mac = self.mac(text).verify_slice(&tag.ok_or(Reason::Malformed)?);
        mac.map_err(|_| Reason::BadMac)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text);
        let bytes = bytes.map_err(|_| Reason::Malformed)?;
        let times: Times = serde_json::from_slice(&bytes).map_err(|_| Reason::Payload)?;
        let header = Header {
            id: SessionId::from_bytes(*Sha256::digest(text).first_chunk().expect("32 bytes")),
            born: times.at,
            issued_at: times.at,
            ttl: rules.max_age,
        };
        if now >= rules.expires_at(&header) {
            return Err(Reason::Expired.into());
        }
        Ok(Token {
            header,
            payload: 0..bytes.len(),
            bytes,
            kept: None,
            outdated: false,
            has_id: true,
        })
    }

    fn mac(&self, text: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.key);
        mac.expect("an HMAC takes a key of any length")
            .chain_update(text)
    }
}

fn u128s(bytes: [u8; 32]) -> [u128; 2] {
    let half = |at: usize| u128::from_be_bytes(bytes[at..at + 16].try_into().expect("16 bytes"));
    [half(0), half(16)]
}

fn byte(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
}
