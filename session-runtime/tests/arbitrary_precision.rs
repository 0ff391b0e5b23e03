//! Where another crate of the build turns `arbitrary_precision` of `serde_json` on, serde reads no fraction inside a
//! tagged enum: the put says so. `cargo test -p session-runtime --features serde_json/arbitrary_precision`.

use serde::{Deserialize, Serialize};
use session_runtime::{CookieStore, CookieStoreConfig, Error, Key};

const KEY: &str = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Ratio { ratio: f64 },
    Count { count: u64 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Ratio(f64),
}

fn is_on() -> bool {
    let number: serde_json::Value = serde_json::from_str("1.500").unwrap();
    serde_json::to_string(&number).unwrap() == "1.500"
}

#[test]
fn a_fraction_in_a_tagged_enum_is_refused_or_comes_back() {
    const TAGGED: Key<Tagged> = Key::new("tagged");
    const UNTAGGED: Key<Untagged> = Key::new("untagged");
    let store = CookieStore::new(CookieStoreConfig::new("session", KEY)).unwrap();
    let mut record = store.new_record().unwrap();

    let counted = Tagged::Count { count: u64::MAX };
    record.put(TAGGED, counted.clone()).unwrap();
    assert_eq!(record.get(TAGGED).unwrap(), Some(counted));

    let ratio = Tagged::Ratio { ratio: 1.5 };
    let tagged = record.put(TAGGED, ratio.clone());
    let untagged = record.put(UNTAGGED, Untagged::Ratio(1.5));
    if is_on() {
        for (put, key) in [(tagged, "tagged"), (untagged, "untagged")] {
            let error = put.unwrap_err();
            assert!(matches!(error, Error::Encode { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("arbitrary_precision") && text.contains(key));
        }
    } else {
        tagged.unwrap();
        untagged.unwrap();
        assert_eq!(record.get(TAGGED).unwrap(), Some(ratio));
        assert_eq!(record.get(UNTAGGED).unwrap(), Some(Untagged::Ratio(1.5)));
    }
}

/// What needs no tag is as everywhere.
#[test]
fn plain_numbers_come_back() {
    const NUMBERS: Key<(f64, f32, i128, u64)> = Key::new("numbers");
    let store = CookieStore::new(CookieStoreConfig::new("session", KEY)).unwrap();
    let mut record = store.new_record().unwrap();
    let numbers = (-0.1, 0.1, i128::MIN, u64::MAX);
    record.put(NUMBERS, numbers).unwrap();
    assert_eq!(record.get(NUMBERS).unwrap(), Some(numbers));
}
