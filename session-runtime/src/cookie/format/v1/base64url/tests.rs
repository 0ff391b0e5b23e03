use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20::ChaCha12Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use proptest::prelude::*;

use super::{decode, encode, encoded_len};

fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut text = b"before".to_vec();
    encode(bytes, &mut text);
    assert!(text.starts_with(b"before"));
    text.split_off("before".len())
}

/// Compares with the portable engine of the `base64` crate.
#[track_caller]
fn agrees(text: &[u8]) {
    let expected = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    let found = decode(text);
    assert_eq!(found, expected, "{text:?}");
}

proptest! {
    #[test]
    fn what_decodes_encodes_to_the_same_text(value in "[A-Za-z0-9_=/+ -]{0,12}") {
        match decode(value.as_bytes()) {
            Some(bytes) => prop_assert_eq!(encoded(&bytes), value.as_bytes()),
            // A text that only a lenient decoder accepts is not canonical.
            None => if let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(&value) {
                prop_assert_ne!(BASE64_URL_SAFE_NO_PAD.encode(bytes), value);
            },
        }
    }
}

#[test]
fn every_length_decodes_or_is_malformed() {
    for len in 0..=300 {
        let text = "A".repeat(len);
        assert_eq!(decode(text.as_bytes()).is_some(), len % 4 != 1, "{len}");
    }
    for spare in [
        "AB", "AAB", "A=", "AA==", "AAA=", "AA\n", " AA", "AA+A", "AA/A", "AAA.",
    ] {
        assert!(decode(spare.as_bytes()).is_none(), "{spare:?}");
        let long = "A".repeat(64) + spare;
        assert!(decode(long.as_bytes()).is_none(), "{long:?}");
    }
    assert_eq!(decode(b"-_8").as_deref(), Some(&[0xfb, 0xff][..]));
}

#[test]
fn every_byte_at_every_place_of_a_block_is_judged_as_by_the_portable_engine() {
    for len in [32, 43, 64, 96, 99] {
        let good = encoded(&vec![0x5a; len])[..len].to_vec();
        for at in 0..len {
            for byte in 0..=255 {
                let mut text = good.clone();
                text[at] = byte;
                agrees(&text);
            }
        }
    }
}

/// Valid texts, and texts with bytes changed, added and removed.
#[test]
fn a_million_texts_are_read_as_by_the_portable_engine() {
    let mut rng = ChaCha12Rng::seed_from_u64(6);
    let mut bytes = [0; 160];
    for _ in 0..250_000 {
        rng.fill_bytes(&mut bytes);
        let len = (rng.next_u32() % 160) as usize;
        let text = encoded(&bytes[..len]);
        assert_eq!(text.len(), encoded_len(len));
        assert_eq!(
            text,
            BASE64_URL_SAFE_NO_PAD.encode(&bytes[..len]).as_bytes()
        );
        agrees(&text);
        let [place, byte, ..] = rng.next_u64().to_le_bytes();
        let place = usize::from(place) % (text.len() + 1);
        let mut changed = text.clone();
        if let Some(changed) = changed.get_mut(place) {
            *changed = byte;
        }
        agrees(&changed);
        let mut longer = text.clone();
        longer.insert(place, byte);
        agrees(&longer);
        agrees(text.get(place..).unwrap_or_default());
    }
}

#[test]
fn bytes_of_every_length_become_their_text() {
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000).collect();
    for len in (0..1_600).chain([2_304, 2_305, 2_999, 3_000]) {
        let expected = BASE64_URL_SAFE_NO_PAD.encode(&bytes[..len]);
        assert_eq!(encoded(&bytes[..len]), expected.as_bytes(), "{len}");
    }
}
