//! Go's format: whatever a service that holds the key may sign.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;
use serde_json::Value;
use session_runtime::CookieStoreConfig;

use super::format::mac;
use super::{NAME, NOW, browser, store};

/// Whatever a Go service signs opens or is refused, and what opens can be read and written again.
pub fn gob(data: &[u8]) {
    let key = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=";
    let store = store(CookieStoreConfig::gorilla(NAME, key));
    let body = BASE64_URL_SAFE.encode(data);
    let signed = format!("{NAME}|{NOW}|{body}");
    let mut token = format!("{NOW}|{body}|").into_bytes();
    token.extend_from_slice(&mac(key.as_bytes(), &[signed.as_bytes()]));
    let value = BASE64_URL_SAFE.encode(token);
    if let Ok(mut record) = store.open_value(value.as_bytes()) {
        for name in record.keys() {
            let _unreadable = record.get::<Value>(&name);
        }
        let _refused = record.put("n", 1);
        if let Ok(sealed) = store.seal(&record) {
            let value = browser::parse(sealed.as_bytes()).expect("a cookie").value;
            let again = store.open_value(&value).expect("just sealed");
            assert_eq!(again.get::<i64>("n").expect("a number"), Some(1));
        }
    }
}
