//! Keys, cookies and values appear nowhere but in the cookie.

use session_runtime::{CookieStore, CookieStoreConfig};

#[test]
fn the_key_of_the_documentation_is_refused_in_every_spelling() {
    for key in [
        "dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE=",
        "dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE",
        " dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE= ",
    ] {
        let error = CookieStore::new(CookieStoreConfig::new("session", key));
        let error = error.expect_err("everybody has it").to_string();
        assert!(error.contains("printed in the documentation"), "{error}");
        assert!(!error.contains(key.trim()), "{error}");
    }
}
