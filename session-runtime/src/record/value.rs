//! Values to JSON text and back, by the rules of their keys.

use super::json;
use crate::error::{Error, Result};
use crate::key::{GetKey, KeyInfo, PutKey, check_name};
use crate::raw::RawValue;

/// The value as JSON text, held to the rules of the key. Runs the value's `Serialize`.
pub(crate) fn encode<T>(key: &impl PutKey<T>, value: &T) -> Result<RawValue> {
    let name = key.name();
    check_name(name)?;
    let mut raw = RawValue::default();
    let encoded = key.encode(value, &mut raw);
    let len = raw.bytes().len();
    if len > 2 * MAX_DEPTH && json::depth(raw.bytes()) > MAX_DEPTH {
        return Err(Error::TooDeep {
            key: name.to_owned(),
        });
    }
    let max_len = key.info().and_then(KeyInfo::max_len);
    if let Some(limit) = max_len.filter(|limit| len > *limit) {
        return Err(Error::TooLarge {
            key: name.to_owned(),
            size: len,
            limit,
            largest: vec![(name.to_owned(), len)],
        });
    }
    encoded.map(|()| raw).map_err(|source| Error::Encode {
        key: name.to_owned(),
        source,
    })
}

/// Levels of nesting that `serde_json` reads back.
const MAX_DEPTH: usize = 127;

/// The value of the key. Runs the value's `Deserialize`.
pub(crate) fn decode<T>(key: &impl GetKey<T>, raw: &[u8]) -> Result<T> {
    key.decode(raw).map_err(|source| Error::Type {
        key: key.name().to_owned(),
        source,
    })
}
