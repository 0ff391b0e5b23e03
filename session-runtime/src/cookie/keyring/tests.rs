use super::Keyring;
use crate::config::SecretKeys;

const ONE: &str = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";
const TWO: &str = "enl4d3Z1dHNycXBvbm1sa2ppaGdmZWRjYmE5ODc2NTQ=";

fn ring(keys: &str) -> Keyring {
    let keys = super::keys("sid", "", &SecretKeys::from(keys));
    Keyring::new(Some(keys.expect("good keys")))
}

fn counts(ring: &Keyring) -> Vec<(String, u64)> {
    let usage = ring.usage();
    usage.iter().map(|key| (key.id(), key.opened())).collect()
}

fn open_under(ring: &Keyring, at: usize, times: u64) {
    let keys = ring.keys.as_ref().expect("keys").read();
    for _ in 0..times {
        keys[at].count_opened();
    }
}

#[test]
fn the_first_key_signs_and_every_clone_is_the_same_ring() {
    let ring = ring(ONE);
    let clone = ring.clone();
    let first = counts(&ring)[0].0.clone();
    clone.replace(format!("{TWO},{ONE}")).expect("good keys");
    let ids: Vec<String> = counts(&ring).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[1], first);
    assert_ne!(ids[0], first);
}

#[test]
fn counts_follow_a_key_wherever_it_goes_in_the_list() {
    let ring = ring(&format!("{ONE},{TWO}"));
    open_under(&ring, 0, 3);
    open_under(&ring, 1, 5);
    let before = counts(&ring);
    assert_eq!((before[0].1, before[1].1), (3, 5));
    ring.replace(format!("{TWO},{ONE}")).expect("good keys");
    assert_eq!(counts(&ring), [before[1].clone(), before[0].clone()]);
    ring.replace(TWO).expect("a good key");
    assert_eq!(counts(&ring), [before[1].clone()]);
    ring.replace(format!("{TWO},{ONE}")).expect("good keys");
    assert_eq!(
        counts(&ring)[1],
        (before[0].0.clone(), 0),
        "forgotten, and added anew"
    );
}

#[test]
fn a_refused_replacement_leaves_the_ring_as_it_was() {
    let ring = ring(&format!("{ONE},{TWO}"));
    open_under(&ring, 0, 7);
    let before = counts(&ring);
    for (bad, problem) in [
        ("", "Key is required, but blank"),
        ("c2hvcnQ=", "Key 1: it has 5 bytes"),
        (&format!("{ONE},{ONE}")[..], "same key id"),
    ] {
        let error = ring.replace(bad).expect_err("refused").to_string();
        assert!(error.contains(problem), "{error}");
        assert_eq!(counts(&ring), before);
    }
}

#[test]
fn an_id_is_eight_digits_and_all_that_debug_shows_of_a_key() {
    let ring = ring(ONE);
    let [(id, _)] = &counts(&ring)[..] else {
        panic!("one key");
    };
    assert_eq!(id.len(), 8);
    assert!(id.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let expected = format!(
        "{:08x}",
        u32::from_be_bytes(ring.keys.as_ref().expect("keys").read()[0].id)
    );
    assert_eq!(*id, expected);
    let shown = format!("{ring:?}");
    assert!(shown.contains("opened: 0"), "{shown}");
    assert!(!shown.contains(ONE) && !shown.contains("abcdef"), "{shown}");
}

#[test]
fn a_ring_without_keys_takes_none() {
    let ring = Keyring::new(None);
    let error = ring.replace(ONE).expect_err("no keys").to_string();
    assert!(error.contains("make a new store"), "{error}");
    assert!(ring.usage().is_empty());
}
