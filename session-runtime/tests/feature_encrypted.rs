//! `encrypted = true` is a promise: a build that can't keep it does not start.

use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys, SessionLayer};

fn config() -> CookieStoreConfig {
    let key = SecretKeys::generate().expect("random bytes");
    CookieStoreConfig::new("session", key).with_encrypted(true)
}

#[cfg(not(feature = "encrypted"))]
#[test]
fn without_the_feature_nothing_starts() {
    let errors = [
        CookieStore::new(config()).map(drop),
        SessionLayer::new(config()).map(drop),
    ];
    for error in errors {
        let error = error.expect_err("this build can't encrypt");
        assert!(
            error.to_string().contains("add the feature `encrypted`"),
            "{error}"
        );
    }
}

#[cfg(feature = "encrypted")]
#[test]
fn with_the_feature_it_does() {
    assert!(CookieStore::new(config()).is_ok());
    assert!(SessionLayer::new(config()).is_ok());
}
