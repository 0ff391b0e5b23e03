//! The times of cookies that another implementation made.

use serde::Deserialize;
use session_runtime::CookieStoreConfig;

use super::lifetimes::{lives, seconds};
use super::support::{NAME, Visitor};

#[derive(Deserialize)]
struct Corpus {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    cls: String,
    mode: u8,
    keys: Vec<String>,
    context: String,
    name: String,
    now: u64,
    max_age: u64,
    absolute_max_age: Option<u64>,
    value_hex: String,
    expect: String,
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits");
    (0..hex.len()).step_by(2).map(digits).collect()
}

/// The edge cases of the independent implementation, as requests.
#[tokio::test]
async fn the_times_of_the_corpus() {
    use base64::Engine;
    let corpus: Corpus =
        serde_json::from_str(include_str!("../../corpus/v1.json")).expect("the corpus is JSON");
    let times = [
        "expiry",
        "future",
        "ttl",
        "configured_max_age",
        "configured_absolute_max_age",
        "issue_time_overflow",
    ];
    let mut run = 0;
    for vector in &corpus.vectors {
        if !times.contains(&vector.cls.as_str()) {
            continue;
        }
        let keys = vector.keys.iter().map(|key| bytes(key));
        let keys = keys.map(|key| base64::prelude::BASE64_STANDARD.encode(key));
        let config = CookieStoreConfig::new(&vector.name, keys.collect::<Vec<_>>().join(","))
            .with_context(&vector.context)
            .with_encrypted(vector.mode == 2)
            .with_max_age(seconds(vector.max_age))
            .with_absolute_max_age(vector.absolute_max_age.map(seconds));
        let mut visitor = Visitor::of(config);
        let value = String::from_utf8(bytes(&vector.value_hex)).expect("base64url");
        visitor.cookie = Some(format!("{}={value}", vector.name));
        let accepted = lives(&visitor, vector.now).await;
        assert_eq!(accepted, vector.expect == "accept", "{}", vector.id);
        run += 1;
    }
    assert!(run >= 36, "only {run} vectors of {NAME} are left");
}
