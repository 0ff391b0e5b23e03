//! A configuration that can't work fails when the layer is built, with the sentence that repairs it.

use std::time::Duration;

use session_runtime::{
    ConfigError, CookieStoreConfig, KeyInfo, SameSite, Session, SessionData, SessionLayer,
};

use super::support::{Visitor, config};

const DAY: u64 = 86_400;

/// The message of the error, on a layer as on a store.
fn problem(config: CookieStoreConfig) -> String {
    let store = session_runtime::CookieStore::new(config.clone()).unwrap_err();
    let layer = SessionLayer::new(config).unwrap_err();
    assert_eq!(store.to_string(), layer.to_string());
    layer.to_string()
}

#[track_caller]
fn assert_problem(config: CookieStoreConfig, parts: &[&str]) {
    let problem = problem(config);
    for part in parts {
        assert!(problem.contains(part), "{part:?} in {problem:?}");
    }
}

#[test]
fn what_is_blank() {
    for blank in ["", " ", "\t"] {
        assert_eq!(
            problem(config().with_name(blank)),
            "Name is required, but blank"
        );
        assert_eq!(
            problem(config().with_key(blank)),
            "Key is required, but blank"
        );
    }
}

#[test]
fn durations() {
    let half = Duration::from_millis(1_500);
    let long = Duration::from_secs(400 * DAY + 1);
    assert_problem(config().with_max_age(half), &["MaxAge", "whole", "round"]);
    assert_problem(
        config().with_max_age(long),
        &["MaxAge", "400 days", "shorten"],
    );
    let absolute = |age| config().with_absolute_max_age(age);
    assert_problem(absolute(half), &["absolute_max_age", "whole", "round"]);
    assert_problem(absolute(long), &["absolute_max_age", "400 days", "shorten"]);
    assert_problem(absolute(Duration::ZERO), &["absolute_max_age", "`None`"]);
    let longest = Duration::from_secs(400 * DAY);
    let longest = config()
        .with_max_age(longest)
        .with_absolute_max_age(longest);
    assert!(SessionLayer::new(longest).is_ok());
}

#[test]
fn attributes() {
    let long = format!("/{}", "p".repeat(1_024));
    assert_problem(
        config().with_path(&*long),
        &["Path", "1025", "1024", "shorten"],
    );
    assert_problem(config().with_domain(&*long), &["Domain", "1025", "shorten"]);
    assert!(SessionLayer::new(config().with_path(&long[..1_024])).is_ok());
    for odd in ["/a;b", "/a\nb", "/a\u{7f}", "/ä", "/\0"] {
        assert_problem(config().with_path(odd), &["Path", "take out"]);
        assert_problem(config().with_domain(odd), &["Domain", "take out"]);
    }
    assert_problem(config().with_path("shop"), &["Path", "begin with '/'"]);
    assert_problem(config().with_domain(" "), &["Domain", "blank"]);
    for odd in ["..example.org", "example.org.", "a..b", "a b", ".", "a,b"] {
        assert_problem(config().with_domain(odd), &["Domain", "host name"]);
    }
    for good in [".example.org", "localhost", "a-b.x_y.example"] {
        assert!(
            SessionLayer::new(config().with_domain(good)).is_ok(),
            "{good}"
        );
    }
}

#[test]
fn names() {
    for odd in ["a b", "a=b", "a;b", "ä", "a\"", "a,b", "a/b", "a\u{7f}"] {
        assert_problem(config().with_name(odd), &["Name", "take out"]);
    }
    for good in ["__Host-id", "!#$%&'*+-.^_`|~09azAZ"] {
        assert!(
            SessionLayer::new(config().with_name(good)).is_ok(),
            "{good}"
        );
    }
}

#[test]
fn prefixes_that_browsers_enforce() {
    for name in ["__Host-id", "__host-id", "__HOST-id"] {
        let host = config().with_name(name);
        assert_problem(
            host.clone().with_domain("example.org"),
            &["without a domain", "path"],
        );
        assert_problem(host.clone().with_path("/shop"), &["path", "remove"]);
        assert_problem(host.with_secure(false), &["Secure", "leave `secure` on"]);
    }
    for name in ["__Secure-id", "__secure-id"] {
        let secure = config().with_name(name);
        assert_problem(secure.clone().with_secure(false), &["leave `secure` on"]);
        let wide = secure.with_domain("example.org").with_path("/shop");
        assert!(SessionLayer::new(wide).is_ok());
    }
    for name in ["__Http-id", "__http-id", "__Host-Http-id", "__host-http-id"] {
        let http = config().with_name(name);
        assert_problem(http.clone().with_secure(false), &["leave `secure` on"]);
        let seen = http.clone().with_http_only(false);
        assert_problem(seen, &["HttpOnly", "leave `http_only` on"]);
        assert!(SessionLayer::new(http).is_ok());
    }
    let placed = config().with_name("__Host-Http-id").with_path("/shop");
    assert_problem(placed, &["path", "remove"]);
    let placed = config().with_name("__Http-id").with_path("/shop");
    assert!(SessionLayer::new(placed).is_ok());
}

#[test]
fn what_needs_secure() {
    let plain = config().with_secure(false);
    let none = plain.clone().with_same_site(SameSite::None);
    assert_problem(none, &["SameSite=None", "leave `secure` on"]);
    let partitioned = plain.clone().with_partitioned(true);
    assert_problem(partitioned, &["artitioned", "leave `secure` on"]);
    assert!(SessionLayer::new(plain).is_ok());
}

#[test]
fn keys() {
    let openssl = "openssl rand -base64 32";
    let with = |key: &str| config().with_key(key);
    assert_problem(with("c2hvcnQ="), &["Key 1", "5 bytes", "32", openssl]);
    assert_problem(with("not base64!"), &["Key 1", "not base64", openssl]);
    let dull = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
    assert_problem(with(dull), &["Key 1", "1 different bytes", openssl]);
    let printed = "dGhpcyBrZXkgaXMgcHJpbnRlZCBpbiB0aGUgZG9jcyE=";
    for spelling in [printed, printed.trim_end_matches('=')] {
        assert_problem(with(spelling), &["printed in the documentation", openssl]);
    }

    let good = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s";
    let twice = format!("{good}, {good}=");
    assert_problem(with(&twice), &["Key 1 and key 2", "same key id", "Remove"]);
    assert_problem(with(&format!("{good},c2hvcnQ=")), &["Key 2", "5 bytes"]);
    assert!(SessionLayer::new(with(good)).is_ok(), "padding is optional");
}

#[test]
fn no_message_shows_a_key() {
    for key in [
        "c2VjcmV0LXNlY3JldA==",
        "secret secret!",
        "c2VjcmV0,c2VjcmV0",
    ] {
        let problem = problem(config().with_key(key));
        assert!(
            !problem.contains("ecret") && !problem.contains("c2Vj"),
            "{problem}"
        );
        let config = config().with_key(key);
        assert!(!format!("{config:?}").contains("c2Vj"));
    }
}

#[test]
fn sizes_and_context() {
    assert_problem(config().with_max_size(4_097), &["max_size 4097", "4096"]);
    assert_problem(config().with_max_size(0), &["max_size 0", "choose"]);
    let context = "c".repeat(65_536);
    assert_problem(
        config().with_context(&*context),
        &["65536", "65,535", "shorten"],
    );
    assert!(SessionLayer::new(config().with_context(&context[1..])).is_ok());
}

#[tokio::test]
async fn the_smallest_size_that_is_allowed_holds_an_empty_session() {
    let problem = problem(config().with_max_size(1));
    let smallest = problem.split_whitespace().find_map(|word| {
        let size: usize = word.parse().ok()?;
        (size > 1).then_some(size)
    });
    let smallest = smallest.expect("a number in the message");
    assert!(SessionLayer::new(config().with_max_size(smallest - 1)).is_err());
    let mut visitor = Visitor::of(config().with_max_size(smallest));
    visitor.visit(Session::id).await;
    assert_eq!(visitor.cookie.unwrap().len() - 1, smallest);
}

/// Declared by hand, as the derive does it.
macro_rules! data {
    ($name:ident: $($key:expr),*) => {
        struct $name;
        impl SessionData for $name {
            type Handle = Session;
            const KEYS: &'static [KeyInfo] = &[$($key),*];
            const FINGERPRINT: u64 = 0;
            const MAX_ENCODED: Option<usize> = None;
        }
    };
}

data!(Account: KeyInfo::new("uid"), KeyInfo::new("name"));
data!(Cart: KeyInfo::new("goods"), KeyInfo::new("owner").with_aliases(&["uid"]));
data!(Secrets: KeyInfo::new("token").private());

fn layer() -> SessionLayer {
    SessionLayer::new(config()).unwrap()
}

#[test]
fn structs_with_a_key_in_common() {
    let both = layer().with_data::<Account>().unwrap().with_data::<Cart>();
    let problem = both.unwrap_err().to_string();
    for part in ["'uid'", "Account", "Cart", "rename", "prefix"] {
        assert!(problem.contains(part), "{part:?} in {problem:?}");
    }
    let twice = layer()
        .with_data::<Account>()
        .unwrap()
        .with_data::<Account>();
    assert!(twice.is_ok(), "the same struct is no collision");
}

#[tokio::test]
async fn private_keys_need_an_encrypted_cookie() {
    let problem = layer().with_data::<Secrets>().unwrap_err().to_string();
    for part in ["'token'", "Secrets", "`encrypted`"] {
        assert!(problem.contains(part), "{part:?} in {problem:?}");
    }
    let mut visitor = Visitor::of(config().with_encrypted(true))
        .with_layer(|layer| layer.with_data::<Secrets>().unwrap());
    visitor.visit(|session| session.put("token", "t")).await;
    assert!(visitor.answer.saves());
}

#[test]
fn it_is_an_error_as_others() {
    fn is_error<T: std::error::Error + Send + Sync + Clone + 'static>() {}
    is_error::<ConfigError>();
}
