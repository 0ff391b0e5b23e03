//! Mode 2: body = `nonce[12]` || AES-256-GCM(K, nonce, aad = header, payload) || `tag[16]`, where
//! K = HMAC-SHA256(K_enc, sid).
//!
//! Each session has its own key. So the number of random nonces under one key is the number of times that this session
//! is issued.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use hmac::Mac;
use zeroize::Zeroizing;

use super::{HEADER, TokenKey, Unsealed};
use crate::error::{Reason, Refusal, Result};
use crate::id::SessionId;
use crate::limits::MAX_COOKIE;
use crate::random::fill_random;

const NONCE: usize = 12;
const TAG: usize = 16;
const BODY: usize = HEADER + NONCE;
pub(super) const OVERHEAD: usize = BODY + TAG;

// AES-GCM takes 2^36 - 32 bytes under one nonce (NIST SP 800-38D, 5.2.1.1).
const _: () = assert!((MAX_COOKIE as u64) < (1 << 36) - 32);

/// Opens a token whose tag is valid, and decrypts its payload in place.
pub(super) fn open(
    key: &TokenKey,
    id: &SessionId,
    mut token: Vec<u8>,
) -> Result<Unsealed, Refusal> {
    let (sealed, tag) = token
        .split_last_chunk_mut::<TAG>()
        .ok_or(Reason::Malformed)?;
    let place = BODY..sealed.len();
    let (head, rest) = sealed
        .split_at_mut_checked(HEADER)
        .ok_or(Reason::Malformed)?;
    let (nonce, payload) = rest
        .split_first_chunk_mut::<NONCE>()
        .ok_or(Reason::Malformed)?;
    cipher(key, id)
        .decrypt_inout_detached(&Nonce::from(*nonce), head, payload.into(), &Tag::from(*tag))
        .map_err(|_| Reason::BadMac)?;
    Ok((token, place))
}

/// Completes the token, which holds the header. `write` appends the payload, which is then encrypted.
pub(super) fn seal(
    key: &TokenKey,
    id: &SessionId,
    token: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>),
) -> Result<()> {
    assert_eq!(
        token.len(),
        HEADER,
        "what is encrypted is bound to its header"
    );
    let mut nonce = [0; NONCE];
    fill_random(&mut nonce)?;
    token.extend_from_slice(&nonce);
    write(token);
    let (before, payload) = token.split_at_mut(BODY);
    let head = &before[..HEADER];
    let tag = cipher(key, id)
        .encrypt_inout_detached(&Nonce::from(nonce), head, payload.into())
        .expect("a payload of a cookie is far below what AES-GCM takes");
    token.extend_from_slice(&tag);
    Ok(())
}

fn cipher(key: &TokenKey, id: &SessionId) -> Aes256Gcm {
    let key = key.encryptor.clone().chain_update(id.as_bytes()).finalize();
    let key = Zeroizing::new(<[u8; 32]>::from(key.into_bytes()));
    Aes256Gcm::new((&*key).into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_holds_a_key_is_wiped_on_drop() {
        fn wiped<T: zeroize::ZeroizeOnDrop>() {}
        wiped::<super::Aes256Gcm>();
        wiped::<zeroize::Zeroizing<[u8; 32]>>();
    }
}
