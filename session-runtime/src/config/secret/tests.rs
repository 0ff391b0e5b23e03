use base64::Engine;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use hmac::Mac;

use super::{MasterKey, SecretKeys, Sha256, Zeroizing, keyed, mac};

fn decode(text: &str) -> Result<Vec<MasterKey>, String> {
    let keys = SecretKeys::from(text).decode();
    keys.map_err(|error| error.to_string())
}

fn bytes(text: &str) -> Vec<u8> {
    decode(text).expect("a good key")[0].0.to_vec()
}

/// 32 bytes whose text has letters in which the two alphabets differ.
fn odd() -> Vec<u8> {
    let mut bytes: Vec<u8> = (0xe0..=0xff).collect();
    bytes[..3].copy_from_slice(&[0xfb, 0xff, 0xbf]);
    bytes
}

#[test]
fn a_key_is_either_base64_with_or_without_padding() {
    let key = odd();
    for text in [
        BASE64_STANDARD.encode(&key),
        BASE64_STANDARD_NO_PAD.encode(&key),
        BASE64_URL_SAFE.encode(&key),
        BASE64_URL_SAFE_NO_PAD.encode(&key),
        format!(" {}\n", BASE64_STANDARD.encode(&key)),
    ] {
        assert_eq!(bytes(&text), key, "{text}");
    }
    let mixed = BASE64_STANDARD.encode(&key).replacen('+', "-", 1);
    assert!(mixed.contains('-') && mixed.contains('/'), "{mixed}");
    for text in [mixed.as_str(), "no base64!", "secret", "MDEy MzQ1"] {
        let error = decode(text).err().expect("refused");
        assert!(
            error.contains("Key 1: it is not base64") || error.contains("bytes after"),
            "{error}"
        );
        assert!(error.contains("openssl rand -base64 32"));
        assert!(!error.contains(text), "{error}");
    }
}

#[test]
fn thirty_two_bytes_with_twelve_different_ones_are_the_least() {
    let key = |len: usize, distinct: u8| {
        let bytes: Vec<u8> = (0..len)
            .map(|at| u8::try_from(at % usize::from(distinct)).expect("small"))
            .collect();
        decode(&BASE64_STANDARD.encode(bytes))
    };
    assert!(key(32, 32).is_ok());
    assert!(key(64, 12).is_ok());
    assert!(key(32, 12).is_ok());
    let short = key(31, 31).err().expect("too short");
    assert!(
        short.contains("it has 31 bytes after base64 decoding, and 32 are needed"),
        "{short}"
    );
    let dull = key(64, 11).err().expect("not random");
    assert!(dull.contains("it has only 11 different bytes"), "{dull}");
}

#[test]
fn the_list_keeps_its_order_and_says_which_key_is_wrong() {
    let one = BASE64_STANDARD.encode(odd());
    let two = BASE64_STANDARD.encode((100..140).collect::<Vec<u8>>());
    let keys = decode(&format!("{one}, {two}")).expect("good keys");
    assert_eq!(keys.len(), 2);
    assert_eq!(*keys[0].0, odd());
    let error = decode(&format!("{one},{two},c2hvcnQ="))
        .err()
        .expect("short");
    assert!(error.starts_with("Key 3: it has 5 bytes"), "{error}");
    let error = decode(&format!("{one},")).err().expect("blank");
    assert!(error.starts_with("Key 2: it has 0 bytes"), "{error}");
    let url_safe = BASE64_URL_SAFE_NO_PAD.encode(odd());
    let error = decode(&format!("{two},{one},{url_safe}"))
        .err()
        .expect("twice");
    assert!(
        error.starts_with("Key 2 and key 3 have the same key id"),
        "{error}"
    );
}

#[test]
fn generated_keys_are_good_and_different() {
    let one = SecretKeys::generate().expect("random bytes");
    let two = SecretKeys::generate().expect("random bytes");
    assert_eq!(one.decode().expect("good")[0].0.len(), 32);
    assert_ne!(*one.0, *two.0);
    assert_eq!(format!("{one:?}"), "SecretKeys(..)");
}

#[test]
fn blank_is_nothing_but_space() {
    for (text, blank) in [("", true), (" \t\n", true), (",", false), ("a", false)] {
        assert_eq!(SecretKeys::from(text).is_blank(), blank, "{text:?}");
        assert_eq!(SecretKeys::from(text.to_owned()).is_blank(), blank);
    }
}

#[test]
fn every_name_and_context_has_its_own_keys() {
    let key = &decode(&BASE64_STANDARD.encode(odd())).expect("a good key")[0];
    let tag = |name: &str, context: &str| key.signer(name, context).finalize().into_bytes();
    let tags = [
        tag("sid", ""),
        tag("si", "d"),
        tag("", "sid"),
        tag("sid", "\0"),
        tag("sid\0", ""),
        tag("SID", ""),
    ];
    for (at, one) in tags.iter().enumerate() {
        for other in &tags[..at] {
            assert_ne!(one, other);
        }
    }
    assert_eq!(tag("sid", ""), tags[0]);
    #[cfg(feature = "encrypted")]
    assert_ne!(key.encryptor("sid", "").finalize().into_bytes(), tags[0]);
}

#[test]
fn what_holds_a_key_is_wiped_on_drop() {
    fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
    let keys = SecretKeys::generate().expect("random bytes");
    let SecretKeys(text) = &keys;
    wiped(text);
    let masters = keys.decode().expect("a good key");
    let [master @ MasterKey(bytes)] = &masters[..] else {
        panic!("one key")
    };
    wiped(bytes);
    wiped::<Zeroizing<[u8; 32]>>(&master.subkey(&[b"sig\0"]));
    // `Hmac` says nothing of itself; its keyed states are these.
    wiped::<Sha256>(&Sha256::default());
}

#[test]
fn a_mac_takes_a_key_of_any_length_and_no_two_keys_make_one_mac() {
    let key = [0x5a; 200];
    let macs: std::collections::HashSet<_> = (0..=key.len())
        .map(|len| mac(&key[..len], &[b"message"]))
        .collect();
    assert_eq!(macs.len(), key.len() + 1);
    assert_ne!(mac(&[1; 32], &[b"message"]), mac(&[0; 32], &[b"message"]));
    let state = keyed(&key).finalize().into_bytes();
    assert_eq!(mac(&key, &[]), <[u8; 32]>::from(state));
}

#[test]
fn subkeys_are_bound_to_names_of_up_to_65535_bytes() {
    let key = &decode(&BASE64_STANDARD.encode(odd())).expect("a good key")[0];
    let longest = "n".repeat(usize::from(u16::MAX));
    let signed = |name: &str| key.signer(name, &longest).finalize().into_bytes();
    assert_ne!(signed(&longest), signed(&longest[1..]));
}

#[test]
#[should_panic(expected = "65,535 bytes")]
fn a_longer_name_is_no_subkey_of_a_shorter_one() {
    let key = &decode(&BASE64_STANDARD.encode(odd())).expect("a good key")[0];
    key.signer(&"n".repeat(usize::from(u16::MAX) + 1), "");
}
