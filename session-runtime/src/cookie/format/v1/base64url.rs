//! base64url without padding (RFC 4648, 5), the encoding of format v1.

use std::sync::LazyLock;

use base64::engine::DecodePaddingMode::RequireNone;
use base64::engine::{Engine, GeneralPurposeConfig};

use crate::record::ROOM;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Codec = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Codec = base64::engine::GeneralPurpose;

/// The fastest codec that this processor supports. A test compares it with the portable codec.
static CODEC: LazyLock<Codec> = LazyLock::new(|| {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(RequireNone);
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    return Codec::url_safe(config);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    Codec::new(&base64::alphabet::URL_SAFE, config)
});

/// The length of the text for this number of bytes.
pub(super) const fn encoded_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Appends the text of these bytes.
pub(super) fn encode(bytes: &[u8], text: &mut Vec<u8>) {
    let at = text.len();
    text.resize(at + encoded_len(bytes.len()), 0);
    let room = &mut text[at..];
    let len = room.len();
    let written = CODEC.encode_slice(bytes, room);
    let written = written.expect("the room is exactly what it takes");
    assert_eq!(written, len, "all of the room is text");
}

/// The bytes of `text`, which must be canonical: no padding, no spare bits, no other character. The result has spare
/// capacity for bytes that are appended.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let len = text.len() / 4 * 3 + (text.len() % 4).saturating_sub(1);
    let mut bytes = Vec::with_capacity(len + ROOM);
    bytes.resize(len, 0);
    let written = CODEC.decode_slice(text, &mut bytes).ok()?;
    (written == len).then_some(bytes)
}

#[cfg(test)]
mod tests;
