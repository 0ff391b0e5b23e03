//! The primitives without a session layer, in the handler: scan for the cookie, base64, MAC or cipher, JSON.
//!
//! The value has the shape of session-runtime's: a header of 34 bytes, the JSON, the tag. No clock is read, no expiry
//! checked, no random number drawn, no attribute made: this is a floor, not a session.

use std::sync::{Arc, LazyLock};

use aes_gcm::aead::{AeadInOut, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurposeConfig, Simd};
use hmac::{Hmac, Mac as _};
use http::header::{COOKIE as COOKIE_HEADER, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use memchr::memchr;
use serde::Deserialize;
use sha2::Sha256;

use super::{COOKIE, SECRET};
use crate::account::{Account, answer};
use crate::subject::{Protection, Role, Subject, at_root};
use crate::workload::Operation;

pub const SIGNED: &str = "primitives alone";
pub const ENCRYPTED: &str = "primitives alone, AES-256-GCM";

const HEADER_LEN: usize = 34;
const MAC_LEN: usize = 32;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

#[must_use]
pub fn signed() -> Subject {
    Subject::axum(
        SIGNED,
        Role::Floor,
        Protection::Signed,
        |operation, account| at_root(route::<Signed>(operation, account)),
    )
}

#[must_use]
pub fn encrypted() -> Subject {
    Subject::axum(
        ENCRYPTED,
        Role::Floor,
        Protection::Encrypted,
        |operation, account| at_root(route::<Encrypted>(operation, account)),
    )
}

/// How the bytes between the header and the end of the value are protected.
trait Seal: 'static {
    /// The JSON within the decoded value.
    fn open(value: &mut [u8]) -> Option<&[u8]>;
    /// Begins a value: what comes before the JSON.
    fn begin() -> Vec<u8>;
    /// Protects what was written after [`Seal::begin`].
    fn finish(value: &mut Vec<u8>);
}

static MAC: LazyLock<Hmac<Sha256>> =
    LazyLock::new(|| Hmac::new_from_slice(&SECRET).expect("any length is a key"));

struct Signed;

impl Seal for Signed {
    fn open(value: &mut [u8]) -> Option<&[u8]> {
        let (signed, tag) = value.split_at_checked(value.len().checked_sub(MAC_LEN)?)?;
        MAC.clone().chain_update(signed).verify_slice(tag).ok()?;
        signed.get(HEADER_LEN..)
    }

    fn begin() -> Vec<u8> {
        let mut value = Vec::with_capacity(512);
        value.resize(HEADER_LEN, 0);
        value
    }

    fn finish(value: &mut Vec<u8>) {
        let tag = MAC.clone().chain_update(&*value).finalize().into_bytes();
        value.extend_from_slice(&tag);
    }
}

struct Encrypted;

/// Every session has a key of its own, derived from its id.
fn cipher(header: &[u8]) -> Aes256Gcm {
    Aes256Gcm::new(
        &MAC.clone()
            .chain_update(&header[18..])
            .finalize()
            .into_bytes(),
    )
}

impl Seal for Encrypted {
    fn open(value: &mut [u8]) -> Option<&[u8]> {
        let (header, rest) = value.split_at_mut_checked(HEADER_LEN)?;
        let (nonce, rest) = rest.split_at_mut_checked(NONCE_LEN)?;
        let (json, tag) = rest.split_at_mut_checked(rest.len().checked_sub(TAG_LEN)?)?;
        let nonce = Nonce::try_from(&*nonce).ok()?;
        let tag = Tag::try_from(&*tag).ok()?;
        cipher(header)
            .decrypt_inout_detached(&nonce, header, json.as_mut().into(), &tag)
            .ok()?;
        Some(json)
    }

    fn begin() -> Vec<u8> {
        let mut value = Vec::with_capacity(512);
        value.resize(HEADER_LEN + NONCE_LEN, 0);
        value
    }

    fn finish(value: &mut Vec<u8>) {
        let (header, rest) = value.split_at_mut(HEADER_LEN);
        let (nonce, json) = rest.split_at_mut(NONCE_LEN);
        let nonce = Nonce::try_from(&*nonce).expect("the length is the type's");
        let tag = cipher(header)
            .encrypt_inout_detached(&nonce, header, json.into())
            .expect("a session is shorter than the cipher's limit");
        value.extend_from_slice(&tag);
    }
}

/// What a read asks for; the rest is skipped, and nothing is copied.
#[derive(Deserialize)]
struct Wanted<'a> {
    uid: i64,
    email: &'a str,
}

/// The engine of session-runtime.
static BASE64: LazyLock<Simd> = LazyLock::new(|| {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    Simd::url_safe(config)
});

pub(super) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 4 * 3 + (text.len() % 4).saturating_sub(1)];
    let written = BASE64.decode_slice(text, &mut bytes).ok()?;
    (written == bytes.len()).then_some(bytes)
}

pub(super) fn encode_base64(bytes: &[u8], text: &mut Vec<u8>) {
    let at = text.len();
    text.resize(at + (bytes.len() * 4).div_ceil(3), 0);
    let written = BASE64.encode_slice(bytes, &mut text[at..]);
    written.expect("the room is exactly what it takes");
}

/// The session's value in a `Cookie` header.
pub(super) fn find_value(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let end = memchr(b';', rest);
        let (pair, after) = rest.split_at(end.unwrap_or(rest.len()));
        let value = pair
            .trim_ascii_start()
            .strip_prefix(COOKIE.as_bytes())
            .and_then(|rest| rest.strip_prefix(b"="));
        if value.is_some() || end.is_none() {
            return value;
        }
        rest = &after[1..];
    }
}

fn decode(request: &Request) -> Option<Vec<u8>> {
    let cookie = request.headers().get(COOKIE_HEADER)?;
    decode_base64(find_value(cookie.as_bytes())?)
}

fn save<S: Seal>(account: &Account) -> Option<HeaderValue> {
    let mut value = S::begin();
    serde_json::to_writer(&mut value, account).ok()?;
    S::finish(&mut value);
    let mut header = Vec::with_capacity(value.len() * 4 / 3 + 64);
    header.extend_from_slice(b"session=");
    encode_base64(&value, &mut header);
    header.extend_from_slice(b"; Path=/; HttpOnly; Secure; SameSite=Lax");
    HeaderValue::try_from(header).ok()
}

fn saved<S: Seal>(status: StatusCode, account: &Account) -> Response {
    match save::<S>(account) {
        Some(header) => (status, [(SET_COOKIE, header)]).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn route<S: Seal>(operation: Operation, account: &Account) -> MethodRouter {
    let account = Arc::new(account.clone());
    match operation {
        Operation::Untouched => get(super::bare::handler),
        Operation::Read => get(read::<S>),
        Operation::Write => get(write::<S>),
        Operation::New => get(async || saved::<S>(StatusCode::OK, &Account::newcomer())),
        Operation::Seed => get(async move || saved::<S>(StatusCode::OK, &account)),
    }
}

async fn read<S: Seal>(request: Request) -> StatusCode {
    let mut value = decode(&request).unwrap_or_default();
    let wanted: Option<Wanted> =
        S::open(&mut value).and_then(|json| serde_json::from_slice(json).ok());
    match wanted {
        Some(wanted) => answer(Some(wanted.uid), Some(wanted.email)),
        None => StatusCode::UNAUTHORIZED,
    }
}

async fn write<S: Seal>(request: Request) -> Response {
    let mut value = decode(&request).unwrap_or_default();
    let stored: Option<Account> =
        S::open(&mut value).and_then(|json| serde_json::from_slice(json).ok());
    let Some(mut account) = stored else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    account.uid += 1;
    saved::<S>(answer(Some(account.uid), Some(&account.email)), &account)
}
