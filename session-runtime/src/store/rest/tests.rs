use serde::Deserialize;

use super::{Binding, Mode, close, open};
use crate::id::SessionId;
use crate::store::scope::Scope;
use crate::store::{StoreError, StoreId, WriteId};

#[derive(Deserialize)]
struct Vectors {
    rows: Vec<RowVector>,
    owners: Vec<OwnerVector>,
}

#[derive(Deserialize)]
#[cfg_attr(not(feature = "encrypted"), expect(dead_code))]
struct RowVector {
    name: String,
    context: String,
    sid: String,
    store_id: String,
    version: String,
    payload: String,
    plain: String,
    nonce: String,
    sealed: String,
}

#[derive(Deserialize)]
struct OwnerVector {
    name: String,
    context: String,
    key: String,
    value: String,
    owner_id: String,
}

fn vectors() -> Vectors {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/corpus/store_vectors.json"
    ));
    serde_json::from_str(text).expect("the vectors are JSON")
}

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    all_bytes(hex).try_into().expect("the length of an id")
}

fn all_bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    let byte =
        |pair| u8::from_str_radix(core::str::from_utf8(pair).expect("ASCII"), 16).expect("hex");
    pairs.map(byte).collect()
}

struct Ids {
    sid: SessionId,
    id: StoreId,
    version: WriteId,
}

impl Ids {
    fn of(vector: &RowVector) -> Self {
        let scope = Scope::new(&vector.name, &vector.context).expect("short names");
        let sid = SessionId::from_bytes(bytes(&vector.sid));
        Self {
            id: scope.id(&sid),
            sid,
            version: WriteId::from_bytes(bytes(&vector.version)),
        }
    }

    fn bound(&self) -> Binding<'_> {
        Binding {
            sid: &self.sid,
            id: &self.id,
            version: &self.version,
        }
    }
}

#[test]
fn ids_are_those_of_the_reference() {
    let vectors = vectors();
    assert_eq!((vectors.rows.len(), vectors.owners.len()), (16, 16));
    for vector in vectors.rows {
        assert_eq!(Ids::of(&vector).id.to_string(), vector.store_id);
    }
    for vector in vectors.owners {
        let scope = Scope::new(&vector.name, &vector.context).expect("short names");
        let owners = scope.owners(&vector.key).expect("a short name");
        assert_eq!(
            owners.id(vector.value.as_bytes()).to_string(),
            vector.owner_id
        );
    }
}

#[test]
fn plain_payloads_are_those_of_the_reference() {
    for vector in vectors().rows {
        let ids = Ids::of(&vector);
        let closed = close(Mode::Plain, ids.bound(), vector.payload.as_bytes()).expect("closed");
        assert_eq!(closed, all_bytes(&vector.plain));
        let opened = open(ids.bound(), closed).expect("opened");
        assert_eq!(opened, vector.payload.as_bytes());
    }
}

#[cfg(feature = "encrypted")]
mod encrypted {
    use super::super::sealed::seal_with;
    use super::*;

    #[test]
    fn sealed_payloads_are_those_of_the_reference() {
        for vector in vectors().rows {
            let ids = Ids::of(&vector);
            let text = vector.payload.as_bytes();
            let sealed = seal_with(bytes(&vector.nonce), ids.bound(), text).expect("sealed");
            assert_eq!(sealed, all_bytes(&vector.sealed));
            assert_eq!(open(ids.bound(), sealed).expect("opened"), text);
        }
    }

    #[test]
    fn every_sealing_has_a_nonce_of_its_own() {
        let ids = Ids::of(&vectors().rows[0]);
        let seal = || close(Mode::Sealed, ids.bound(), b"{}").expect("sealed");
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_sealed_payload_opens_in_its_own_place_alone() {
        let ids = Ids::of(&vectors().rows[2]);
        let sealed = close(Mode::Sealed, ids.bound(), b"{\"uid\":42}").expect("sealed");
        for at in 1..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(
                matches!(open(ids.bound(), damaged), Err(StoreError::Corrupt(_))),
                "byte {at}"
            );
        }
        for len in 1..sealed.len() {
            let cut = sealed[..len].to_vec();
            assert!(
                matches!(open(ids.bound(), cut), Err(StoreError::Corrupt(_))),
                "{len} bytes"
            );
        }
        let other = WriteId::from_bytes([1; 16]);
        let moved = Binding {
            version: &other,
            ..ids.bound()
        };
        assert!(matches!(
            open(moved, sealed.clone()),
            Err(StoreError::Corrupt(_))
        ));
        let other = StoreId::from_bytes([1; 32]);
        let moved = Binding {
            id: &other,
            ..ids.bound()
        };
        assert!(matches!(open(moved, sealed), Err(StoreError::Corrupt(_))));
    }
}

#[test]
fn what_a_newer_program_wrote_is_unavailable_and_what_nobody_wrote_is_corrupt() {
    let ids = Ids::of(&vectors().rows[0]);
    for newer in [3, 4, 255] {
        let opened = open(ids.bound(), vec![newer, b'{', b'}']);
        assert!(matches!(opened, Err(StoreError::Unavailable(_))), "{newer}");
    }
    for nothing in [vec![], vec![0], b"\0{}".to_vec()] {
        assert!(matches!(
            open(ids.bound(), nothing),
            Err(StoreError::Corrupt(_))
        ));
    }
}

#[cfg(not(feature = "encrypted"))]
#[test]
fn a_sealed_payload_is_unavailable_to_a_build_that_can_t_open_it() {
    let vector = &vectors().rows[0];
    let opened = open(Ids::of(vector).bound(), all_bytes(&vector.sealed));
    assert!(matches!(opened, Err(StoreError::Unavailable(_))));
}
