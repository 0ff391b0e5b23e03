use hmac::Mac;

use super::{MasterKey, Sha256, Zeroizing, keyed, mac};

const KEY: [u8; 32] = *b"thirty-two bytes of a master key";

#[test]
fn every_name_and_context_has_its_own_keys() {
    let key = MasterKey(&KEY);
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
    wiped::<Zeroizing<[u8; 32]>>(&MasterKey(&KEY).subkey(&[b"sig\0"]));
    // `Hmac` does not implement the trait. These are its keyed states.
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
    let key = MasterKey(&KEY);
    let longest = "n".repeat(usize::from(u16::MAX));
    let signed = |name: &str| key.signer(name, &longest).finalize().into_bytes();
    assert_ne!(signed(&longest), signed(&longest[1..]));
}

#[test]
#[should_panic(expected = "65,535 bytes")]
fn a_longer_name_is_no_subkey_of_a_shorter_one() {
    let key = MasterKey(&KEY);
    key.signer(&"n".repeat(usize::from(u16::MAX) + 1), "");
}
