//! What each fuzz target promises, for any bytes: shared by the fuzzer and by the test that replays the seeds.
#![allow(dead_code, missing_docs, unreachable_pub, unused_imports)]

mod browser;
mod format;
mod gob;
mod header;
mod json;
mod open;
mod payload;
mod round_trip;
mod set_cookie;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;
use session_runtime::{CookieStore, CookieStoreConfig};

pub use gob::gob;
pub use header::header;
pub use open::open;
pub use payload::payload;
pub use round_trip::round_trip;
pub use set_cookie::set_cookie;

const NAME: &str = "sid";
const NOW: u64 = 1_795_000_000;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

/// Signs with the first key of [`format::KEYS`], verifies with the first two.
fn config() -> CookieStoreConfig {
    let keys = format::KEYS[..2]
        .iter()
        .map(|key| BASE64_URL_SAFE.encode(key));
    CookieStoreConfig::new(NAME, keys.collect::<Vec<_>>().join(","))
}

fn store(config: CookieStoreConfig) -> CookieStore {
    CookieStore::new(config)
        .expect("a good configuration")
        .with_clock(now)
}
