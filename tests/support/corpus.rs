//! The corpus of an independent implementation of format v1.

use std::time::Duration;

use serde::Deserialize;
use session_runtime::CookieStoreConfig;

#[derive(Deserialize)]
pub(crate) struct Corpus {
    pub(crate) now: u64,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) vectors: Vec<Vector>,
    pub(crate) ops: Vec<Operation>,
    pub(crate) headers: Vec<Header>,
}

#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) cls: String,
    pub(crate) mode: u8,
    pub(crate) keys: Vec<String>,
    pub(crate) name: String,
    pub(crate) context: String,
    pub(crate) now: u64,
    pub(crate) max_age: u64,
    pub(crate) absolute_max_age: Option<u64>,
    pub(crate) value_hex: String,
    pub(crate) expect: String,
    pub(crate) payload_hex: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Operation {
    pub(crate) base: String,
    pub(crate) op: String,
    pub(crate) cases: usize,
}

#[derive(Deserialize)]
pub(crate) struct Header {
    pub(crate) id: String,
    pub(crate) fields_hex: Vec<String>,
    pub(crate) expect: String,
}

pub(crate) fn corpus() -> Corpus {
    serde_json::from_str(include_str!("../../session-runtime/tests/corpus/v1.json"))
        .expect("the corpus is JSON")
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digit = |digit: u8| (digit as char).to_digit(16).expect("a hex digit");
    let byte = |pair: &[u8]| u8::try_from(digit(pair[0]) << 4 | digit(pair[1])).expect("a byte");
    hex.as_bytes().chunks(2).map(byte).collect()
}

pub(crate) fn key_text(keys: &[String]) -> String {
    use base64::Engine;
    let keys = keys
        .iter()
        .map(|key| base64::prelude::BASE64_STANDARD.encode(bytes(key)));
    keys.collect::<Vec<_>>().join(",")
}

impl Vector {
    /// Of the store that the vector is for.
    pub(crate) fn config(&self) -> CookieStoreConfig {
        CookieStoreConfig::new(&self.name, key_text(&self.keys))
            .with_context(&self.context)
            .with_encrypted(self.mode == 2)
            .with_max_age(Duration::from_secs(self.max_age))
            .with_absolute_max_age(self.absolute_max_age.map(Duration::from_secs))
    }
}
