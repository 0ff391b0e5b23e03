//! What holds where a session is a row: its cookie is short, its values may be large and secret, and parallel requests
//! are merged.

use std::sync::Arc;

use http::StatusCode;
use session_runtime::store::MemoryStore;
use session_runtime::{CookieStoreConfig, Error, SecretKeys, SessionData, SessionLayer};
use tokio::sync::Barrier;

use super::server::{Browser, UID, config};

#[tokio::test]
async fn the_cookie_is_88_characters_and_a_change_alone_sets_none() {
    let mut browser = Browser::signed_in().await;
    assert_eq!(
        browser.cookie.as_ref().unwrap().len(),
        "session=".len() + 88
    );
    browser
        .visit(async |session| session.put("big", "x".repeat(60_000)))
        .await
        .unwrap();
    assert_eq!(
        (browser.set_cookie(), browser.status),
        (None, StatusCode::OK)
    );
    let big = browser
        .visit(async |session| session.require::<String>("big"))
        .await;
    assert_eq!(big.unwrap().len(), 60_000);
    let more = browser
        .visit(async |session| session.put("more", "x".repeat(10_000)))
        .await;
    assert!(
        matches!(more, Err(Error::TooLarge { limit: 65_536, .. })),
        "{more:?}"
    );
}

#[tokio::test]
async fn parallel_requests_lose_nothing() {
    let browser = Browser::signed_in().await;
    let barrier = Arc::new(Barrier::new(8));
    let local = tokio::task::LocalSet::new();
    for number in 0..8 {
        let (mut browser, barrier) = (browser.clone(), Arc::clone(&barrier));
        local.spawn_local(async move {
            let put = browser.visit(async |session| {
                session.get(UID)?;
                barrier.wait().await;
                session.put(format!("key{number}"), number)
            });
            put.await.unwrap();
            assert_eq!(browser.status, StatusCode::OK);
        });
    }
    local.await;
    let mut browser = browser;
    let keys = browser.visit(async |session| session.keys()).await.unwrap();
    assert_eq!(keys.len(), 9, "{keys:?}");
}

#[tokio::test]
async fn private_keys_are_welcome() {
    #[derive(SessionData)]
    struct Secret {
        #[session(private)]
        token: String,
    }
    let with_data =
        |layer: session_runtime::StoredSessionLayer| layer.with_data::<Secret>().unwrap();
    let mut browser = Browser::of(config(), with_data);
    browser
        .visit(async |session| session.put(Secret::TOKEN, "t".to_owned()))
        .await
        .unwrap();
    let token = browser
        .visit(async |session| session.get(Secret::TOKEN))
        .await;
    assert_eq!(token.unwrap().as_deref(), Some("t"));
}

#[tokio::test]
async fn encrypted_sessions_are_sealed_in_the_store_and_read_back() {
    let key = SecretKeys::generate().unwrap();
    let config = CookieStoreConfig::new("session", key).with_encrypted(true);
    let mut browser = Browser::of(config, |layer| layer);
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    assert_eq!(browser.uid().await, Some(7));
    browser
        .visit(async |session| session.renew())
        .await
        .unwrap();
    assert_eq!(browser.uid().await, Some(7));
}

#[test]
fn go_s_format_has_no_store() {
    let config =
        CookieStoreConfig::gorilla("session", "P1SITHaMvxUlMOjuypqdefYCfVPrGoZnmHHbLm5SirM=");
    let error = SessionLayer::new(config)
        .unwrap()
        .with_store(MemoryStore::new());
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("begin with `CookieStoreConfig::new`"),
        "{error}"
    );
}
