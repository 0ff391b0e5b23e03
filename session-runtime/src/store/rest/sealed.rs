//! Mode 2: `body = nonce[12] || AES-256-GCM(K, nonce, aad, text) || tag[16]`, where
//! `K = HMAC-SHA256(key = sid, "session-runtime/v1/rest")` and
//! `aad = "session-runtime/v1/rest\0" || mode || StoreId || version`.
//!
//! The version is in it, so that nobody can put an old payload back under a newer one.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Binding, SEALED};
use crate::error::{Error, Result};
use crate::random::fill_random;
use crate::store::StoreError;

const KEY: &[u8] = b"session-runtime/v1/rest";
const AAD: &[u8] = b"session-runtime/v1/rest\0";
const NONCE: usize = 12;
const TAG: usize = 16;
const HEAD: usize = 1 + NONCE;

pub(super) fn seal(bound: Binding<'_>, text: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    fill_random(&mut nonce)?;
    seal_with(nonce, bound, text)
}

pub(super) fn seal_with(nonce: [u8; NONCE], bound: Binding<'_>, text: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(HEAD + text.len() + TAG);
    bytes.push(SEALED);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(text);
    let (_, body) = bytes.split_at_mut(HEAD);
    let tag = cipher(bound)
        .encrypt_inout_detached(&Nonce::from(nonce), &aad(bound), body.into())
        .map_err(|_| Error::Unavailable)?;
    bytes.extend_from_slice(&tag);
    Ok(bytes)
}

pub(super) fn open(bound: Binding<'_>, mut bytes: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    let damaged = || StoreError::corrupt("a sealed payload is damaged, or is another row's");
    let (sealed, tag) = bytes.split_last_chunk_mut::<TAG>().ok_or_else(damaged)?;
    let tag = Tag::from(*tag);
    let end = sealed.len();
    let (head, body) = sealed.split_at_mut_checked(HEAD).ok_or_else(damaged)?;
    let nonce = head.last_chunk::<NONCE>().ok_or_else(damaged)?;
    cipher(bound)
        .decrypt_inout_detached(&Nonce::from(*nonce), &aad(bound), body.into(), &tag)
        .map_err(|_| damaged())?;
    bytes.truncate(end);
    bytes.drain(..HEAD);
    Ok(bytes)
}

fn cipher(bound: Binding<'_>) -> Aes256Gcm {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(bound.sid.as_bytes());
    let mac = mac
        .expect("HMAC takes a key of any length")
        .chain_update(KEY);
    let key = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
    Aes256Gcm::new((&*key).into())
}

fn aad(bound: Binding<'_>) -> Vec<u8> {
    [
        AAD,
        &[SEALED],
        bound.id.as_bytes(),
        bound.version.as_bytes(),
    ]
    .concat()
}
