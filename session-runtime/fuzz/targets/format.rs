//! Format v1, written after its description and sharing no code with the crate, so that a mistake must be made twice
//! to pass unseen.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{NAME, NOW, json};

/// The last is nobody's.
pub const KEYS: [&[u8; 32]; 3] = [
    b"0123456789abcdefghijklmnopqrstuv",
    b"zyxwvutsrqponmlkjihgfedcba987654",
    b"nobody opens what this key signs",
];

pub const SIGNED: u8 = 1;
pub const ENCRYPTED: u8 = 2;
const HEADER: usize = 34;
const NONCE: usize = 12;

pub fn mac(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    for part in message {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn key_id(master: &[u8]) -> [u8; 4] {
    let prk = mac(&[0; 32], &[master]);
    let long = mac(&prk, &[b"session-runtime/v1/kid\0", &[1]]);
    [long[0], long[1], long[2], long[3]]
}

/// The context is empty.
fn subkey(master: &[u8], label: &[u8]) -> [u8; 32] {
    let prk = mac(&[0; 32], &[master]);
    let parts: [&[u8]; 6] = [
        b"session-runtime/v1/",
        label,
        b"\0\0\x03",
        NAME.as_bytes(),
        &[0, 0],
        &[1],
    ];
    mac(&prk, &parts)
}

fn cipher(master: &[u8], id: &[u8]) -> Aes256Gcm {
    let key = mac(&subkey(master, b"enc"), &[id]);
    Aes256Gcm::new(&key.into())
}

/// What stands in a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub mode: u8,
    /// Of [`KEYS`].
    pub key: usize,
    pub born: u64,
    pub delta: u32,
    pub ttl: u32,
    pub id: [u8; 16],
}

impl Head {
    /// Of a session that began at `now` and lives for an hour.
    pub const fn new(mode: u8) -> Self {
        Self {
            mode,
            key: 0,
            born: NOW,
            delta: 0,
            ttl: 3_600,
            id: [7; 16],
        }
    }

    /// The value of the cookie. Any mode but the encrypted one is signed.
    pub fn seal(&self, payload: &[u8]) -> String {
        let master = KEYS[self.key];
        let mut token = vec![self.mode];
        token.extend_from_slice(&key_id(master));
        token.extend_from_slice(&self.born.to_be_bytes()[3..]);
        token.extend_from_slice(&self.delta.to_be_bytes());
        token.extend_from_slice(&self.ttl.to_be_bytes());
        token.extend_from_slice(&self.id);
        if self.mode == ENCRYPTED {
            let nonce = [5; NONCE];
            let message = Payload {
                msg: payload,
                aad: &token,
            };
            let cipher = cipher(master, &self.id);
            let sealed = cipher.encrypt(&Nonce::from(nonce), message);
            token.extend_from_slice(&nonce);
            token.extend_from_slice(&sealed.expect("short enough"));
        } else {
            token.extend_from_slice(payload);
            let tag = mac(&subkey(master, b"sig"), &[&token]);
            token.extend_from_slice(&tag);
        }
        BASE64_URL_SAFE_NO_PAD.encode(token)
    }

    pub fn issued_at(&self) -> u64 {
        self.born + u64::from(self.delta)
    }
}

/// What a store accepts, besides signatures by the first two keys.
#[derive(Clone, Copy)]
pub struct Rules {
    pub mode: u8,
    /// Also cookies that are only signed.
    pub or_signed: bool,
    pub max_age: u64,
    pub absolute_max_age: Option<u64>,
}

impl Rules {
    /// The defaults of the configuration.
    pub const fn new(mode: u8) -> Self {
        Self {
            mode,
            or_signed: false,
            max_age: 2_592_000,
            absolute_max_age: Some(7_776_000),
        }
    }

    /// Header and payload, or the reason of the refusal. The payload is not judged.
    pub fn open(&self, value: &[u8]) -> Result<(Head, Vec<u8>), &'static str> {
        if value.len() > 4096 {
            return Err("too_long");
        }
        let token = decode(value).ok_or("malformed")?;
        let overhead = if self.mode == SIGNED { 66 } else { 62 };
        if token.len() < overhead {
            return Err("malformed");
        }
        let mode = token[0];
        if mode != self.mode && !(mode == SIGNED && self.or_signed) {
            return Err("version");
        }
        if mode == SIGNED && token.len() < 66 {
            return Err("malformed");
        }
        let key = KEYS[..2].iter().position(|key| key_id(*key) == token[1..5]);
        let key = key.ok_or("unknown_key")?;
        let number = |bytes: &[u8]| {
            let digits = bytes.iter();
            digits.fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let head = Head {
            mode,
            key,
            born: number(&token[5..10]),
            delta: u32::try_from(number(&token[10..14])).expect("four bytes"),
            ttl: u32::try_from(number(&token[14..18])).expect("four bytes"),
            id: token[18..34].try_into().expect("sixteen bytes"),
        };
        let payload = unprotect(&head, &token)?;
        self.check_times(&head)?;
        Ok((head, payload))
    }

    fn check_times(&self, head: &Head) -> Result<(), &'static str> {
        let ttl = u64::from(head.ttl);
        let issued_at = head.issued_at();
        if ttl == 0 || ttl > 400 * 86_400 {
            return Err("bad_time");
        }
        if issued_at > NOW + 86_400 {
            return Err("future");
        }
        let is_live = NOW < issued_at + ttl
            && NOW < issued_at + self.max_age
            && self
                .absolute_max_age
                .is_none_or(|age| NOW < head.born + age);
        is_live.then_some(()).ok_or("expired")
    }

    /// As [`CookieStore::open_value`](session_runtime::CookieStore::open_value) answers: `accept` or the reason.
    pub fn verdict(&self, value: &[u8]) -> &'static str {
        match self.open(value) {
            Err(reason) => reason,
            Ok((_, payload)) if json::members(&payload).is_none() => "payload",
            Ok(_) => "accept",
        }
    }
}

/// Where the value decodes at all, one alphabet and one spelling.
fn decode(value: &[u8]) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in value {
        let six = ALPHABET.iter().position(|other| other == letter)?;
        bits = bits << 6 | u32::try_from(six).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    let spare = bits & ((1 << held) - 1);
    (held < 6 && spare == 0).then_some(bytes)
}

fn unprotect(head: &Head, token: &[u8]) -> Result<Vec<u8>, &'static str> {
    let master = KEYS[head.key];
    if head.mode == SIGNED {
        let (signed, tag) = token.split_at(token.len() - 32);
        return if mac(&subkey(master, b"sig"), &[signed]) == *tag {
            Ok(signed[HEADER..].to_vec())
        } else {
            Err("bad_mac")
        };
    }
    let (aad, body) = token.split_at(HEADER);
    let (nonce, msg) = body.split_at(NONCE);
    let nonce = Nonce::try_from(nonce).expect("twelve bytes");
    let opened = cipher(master, &head.id).decrypt(&nonce, Payload { msg, aad });
    opened.map_err(|_| "bad_mac")
}
