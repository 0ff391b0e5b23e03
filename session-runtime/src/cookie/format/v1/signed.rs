//! Mode 1: body = payload || HMAC-SHA256(K_sig, header || payload).

use hmac::Mac;

use super::{HEADER, TokenKey, Unsealed};
use crate::error::{Reason, Refusal};

const TAG: usize = 32;
pub(super) const OVERHEAD: usize = HEADER + TAG;

/// Opens a token whose MAC is valid.
pub(super) fn open(key: &TokenKey, token: Vec<u8>) -> Result<Unsealed, Refusal> {
    let (signed, tag) = token.split_last_chunk::<TAG>().ok_or(Reason::Malformed)?;
    let mac = key.signer.clone().chain_update(signed);
    // `verify` compares in constant time.
    mac.verify(tag.into()).map_err(|_| Reason::BadMac)?;
    let payload = HEADER..signed.len();
    Ok((token, payload))
}

/// Completes the token, which holds header and payload.
pub(super) fn seal(key: &TokenKey, token: &mut Vec<u8>) {
    assert!(token.len() >= HEADER, "a MAC covers the header at least");
    let tag = key.signer.clone().chain_update(&*token).finalize();
    token.extend_from_slice(&tag.into_bytes());
}
