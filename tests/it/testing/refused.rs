//! Cookies that would sign a visitor in, if the server did not refuse them: each for its own reason.

use std::time::Duration;

use http::StatusCode;
use session_runtime::store::MemoryStore;
use session_runtime::testing::{Clock, Visitor};
use session_runtime::{
    BoxError, CookieStore, CookieStoreConfig, GorillaKeys, Refusal, SecretKeys, SessionLayer,
};

use super::{Account, Site};

type Result<T = (), E = BoxError> = std::result::Result<T, E>;

/// Why the store refuses the visitor's cookie.
fn reason(store: &CookieStore, visitor: &Visitor) -> Option<&'static str> {
    let cookie = visitor.cookie();
    let pair = cookie.to_str().expect("cookies are ASCII");
    let value = pair.split_once('=').expect("a pair").1;
    let refusal = store.open_value(value.as_bytes()).err();
    refusal.map(Refusal::as_str)
}

async fn are_refused(site: &Site, store: &CookieStore, reasons: [&str; 3]) {
    let ada = site.signed_in().await;
    let bad = [
        ada.clone().expired(),
        ada.clone().foreign(),
        ada.clone().forged(),
    ];
    for (mut visitor, expected) in bad.into_iter().zip(reasons) {
        assert_eq!(reason(store, &visitor), Some(expected));
        let status = site.get(&mut visitor, "/me").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{expected}");
        visitor.assert_signed_out(Account::UID).await;
    }
    assert_eq!(reason(store, &ada), None);
    assert_eq!(site.get(&mut ada.clone(), "/me").await, StatusCode::OK);
}

const REASONS: [&str; 3] = ["expired", "unknown_key", "bad_mac"];

#[tokio::test]
async fn cookies_that_are_over_foreign_or_forged_sign_nobody_in() -> Result {
    let config = || -> Result<_> {
        let key = SecretKeys::generate()?;
        Ok(CookieStoreConfig::new("__Host-app", key))
    };
    for config in [
        config()?,
        config()?.with_encrypted(true),
        config()?.with_max_age(Duration::ZERO),
        config()?
            .with_context("tenant")
            .with_absolute_max_age(Duration::from_secs(86_400 * 60)),
    ] {
        let store = CookieStore::new(config)?;
        let layer = SessionLayer::new(store.clone())?;
        are_refused(&Site::of_cookies(&layer), &store, REASONS).await;
        let layer = layer.with_store(MemoryStore::new())?;
        are_refused(&Site::stored(&layer), &store, REASONS).await;
    }
    Ok(())
}

#[tokio::test]
async fn they_are_made_by_the_clock_of_the_layer() -> Result {
    let clock = Clock::new();
    let config = CookieStoreConfig::new("__Host-app", SecretKeys::generate()?);
    let store = CookieStore::new(config)?.with_clock(clock.reader());
    clock.advance(Duration::from_secs(86_400 * 365));
    let layer = SessionLayer::new(store.clone())?;
    are_refused(&Site::of_cookies(&layer), &store, REASONS).await;
    Ok(())
}

#[tokio::test]
async fn of_go_s_cookies_too() -> Result {
    let keys = GorillaKeys::from("Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=");
    let store = CookieStore::new(CookieStoreConfig::gorilla("app", keys))?;
    let site = Site::of_cookies(&SessionLayer::new(store.clone())?);
    let ada = site.signed_in().await;
    for mut visitor in [
        ada.clone().expired(),
        ada.clone().foreign(),
        ada.clone().forged(),
    ] {
        assert!(reason(&store, &visitor).is_some());
        let status = site.get(&mut visitor, "/me").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    Ok(())
}

#[test]
#[should_panic(expected = "the visitor has no cookie `__Host-test`")]
fn who_has_no_cookie_can_forge_none() {
    let _forged = Visitor::from(&session_runtime::testing::layer()).forged();
}

#[tokio::test]
#[should_panic(expected = "the visitor's cookie is no good now: bad_mac")]
async fn a_cookie_that_is_no_good_is_not_made_over() {
    let [site, _] = Site::both();
    let _expired = site.signed_in().await.forged().expired();
}
