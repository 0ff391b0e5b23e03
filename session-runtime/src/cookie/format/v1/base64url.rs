//! base64url without padding (RFC 4648, 5), as format v1 has it.

use std::sync::LazyLock;

use base64::engine::DecodePaddingMode::RequireNone;
use base64::engine::{Engine, GeneralPurposeConfig};

use crate::record::ROOM;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Codec = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Codec = base64::engine::GeneralPurpose;

/// The fastest that this processor has; held to the portable one by a test.
static CODEC: LazyLock<Codec> = LazyLock::new(|| {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(RequireNone);
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    return Codec::url_safe(config);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    Codec::new(&base64::alphabet::URL_SAFE, config)
});

/// The length of the text for so many bytes.
pub(super) const fn encoded_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Where so many bytes must begin to end where their text will end, which begins at `text_at`.
pub(super) const fn bytes_at(text_at: usize, len: usize) -> usize {
    text_at + encoded_len(len) - len
}

/// Turns the bytes at the end of `buffer`, from `bytes_at` on, into their text from `text_at` on, in place.
///
/// They must stand where [`bytes_at`] says: then the text never catches up with the bytes that are still to be read.
pub(super) fn encode_tail(buffer: &mut [u8], text_at: usize, bytes_at: usize) {
    const CHUNK: usize = 768;
    let mut chunk = [0; CHUNK];
    let (mut text_at, mut bytes_at) = (text_at, bytes_at);
    while bytes_at < buffer.len() {
        let bytes = &buffer[bytes_at..];
        let len = bytes.len().min(CHUNK);
        let taken = &mut chunk[..len];
        taken.copy_from_slice(&bytes[..len]);
        let text_end = text_at + encoded_len(len);
        let room = buffer.get_mut(text_at..text_end);
        let room = room.expect("the buffer ends where the text ends");
        let written = CODEC.encode_slice(taken, room);
        let written = written.expect("the room is exactly what it takes");
        assert_eq!(written, text_end - text_at);
        (text_at, bytes_at) = (text_end, bytes_at + len);
    }
}

/// The bytes of `text`, whose one spelling it must be: no padding, no spare bits, no other character. With room for
/// what is put behind them.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let len = text.len() / 4 * 3 + (text.len() % 4).saturating_sub(1);
    let mut bytes = Vec::with_capacity(len + ROOM);
    bytes.resize(len, 0);
    let written = CODEC.decode_slice(text, &mut bytes).ok()?;
    (written == len).then_some(bytes)
}

#[cfg(test)]
mod tests;
