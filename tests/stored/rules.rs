//! The rules of a request, which mean the same with a store.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::{CACHE_CONTROL, VARY};
use session_runtime::store::MemoryStore;
use session_runtime::{
    CookieStoreConfig, Error, Key, KeyInfo, Lifetime, Revocation, SavePolicy, SecretKeys,
    SessionData, SessionLayer, Verdict,
};
use tokio::sync::Barrier;

use crate::support::{Browser, MAX_AGE, NOTICE, UID, config};

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
async fn a_flash_is_shown_once_and_kept_by_a_failed_page() {
    let mut browser = Browser::signed_in().await;
    browser
        .visit(async |session| session.put(NOTICE, "hi".to_owned()))
        .await
        .unwrap();
    for (status, shown) in [(500, true), (200, true), (200, false)] {
        let status = StatusCode::from_u16(status).unwrap();
        let notice = browser
            .answered(status, async |session| session.get(NOTICE))
            .await;
        assert_eq!(notice.unwrap().is_some(), shown);
    }
}

#[tokio::test]
async fn a_ttl_ends_at_its_second() {
    const CODE: Key<u32> = Key::with_info(KeyInfo::new("code").with_ttl(Duration::from_secs(60)));
    let mut browser = Browser::signed_in().await;
    browser
        .visit(async |session| session.put(CODE, 1))
        .await
        .unwrap();
    for (after, there) in [(59, true), (1, false)] {
        browser.clock.advance(after);
        let code = browser.visit(async |session| session.get(CODE)).await;
        assert_eq!(code.unwrap().is_some(), there);
    }
}

#[tokio::test]
async fn rolling_moves_the_row_s_end_with_the_cookie_s() {
    let mut browser = Browser::signed_in().await;
    for _ in 0..3 {
        browser.clock.advance(MAX_AGE / 2);
        assert_eq!(browser.uid().await, Some(7));
        assert!(browser.set_cookie().is_some(), "due");
    }
    browser.clock.advance(MAX_AGE - 1);
    assert_eq!(browser.uid().await, Some(7));
    browser.clock.advance(MAX_AGE);
    assert_eq!(browser.uid().await, None);
}

#[tokio::test]
async fn a_lifetime_that_is_chosen_holds_for_cookie_and_row() {
    let mut browser = Browser::signed_in().await;
    let brief = Lifetime::Browser(Duration::from_secs(100));
    browser
        .visit(async |session| session.set_lifetime(brief))
        .await
        .unwrap();
    assert!(!browser.set_cookie().unwrap().contains("Max-Age"));
    let lifetime = browser.visit(async |session| session.lifetime()).await;
    assert_eq!(lifetime.unwrap(), brief);
    browser.clock.advance(50);
    assert_eq!(browser.uid().await, Some(7));
    assert!(browser.set_cookie().is_some(), "half of it");
    browser.clock.advance(100);
    assert_eq!(browser.uid().await, None);
}

#[tokio::test]
async fn nothing_is_saved_on_5xx_and_408_and_a_sign_out_always_is() {
    for status in [
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::REQUEST_TIMEOUT,
    ] {
        let mut browser = Browser::signed_in().await;
        browser
            .answered(status, async |session| session.put(UID, 8))
            .await
            .unwrap();
        assert_eq!((browser.status, browser.is_page), (status, true));
        assert_eq!(browser.uid().await, Some(7));
        browser
            .answered(status, async |session| session.restart())
            .await
            .unwrap();
        assert!(browser.removes(), "sent as a sign-out");
        let mut browser = Browser::signed_in().await;
        let copy = browser.clone();
        browser
            .answered(status, async |session| session.destroy())
            .await
            .unwrap();
        assert!(browser.removes());
        let mut copy = copy;
        assert_eq!(copy.uid().await, None);
    }
    let always = SessionLayer::new(config())
        .unwrap()
        .with_save_policy(SavePolicy::Always);
    let layer = always.with_store(MemoryStore::new()).unwrap();
    let mut browser = Browser {
        layer,
        ..Browser::new()
    };
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    browser
        .answered(failed, async |session| session.put(UID, 8))
        .await
        .unwrap();
    assert_eq!(browser.uid().await, Some(8));
}

#[tokio::test]
async fn caches_are_told_as_ever() {
    let mut browser = Browser::signed_in().await;
    assert_eq!(
        (&browser.headers[VARY], &browser.headers[CACHE_CONTROL]),
        (&"Cookie".parse().unwrap(), &"no-store".parse().unwrap())
    );
    browser.uid().await;
    assert_eq!(browser.headers[CACHE_CONTROL], "private");
    browser.visit(async |_| Ok(())).await.unwrap();
    assert!(
        browser.headers.is_empty(),
        "not touched: {:?}",
        browser.headers
    );
}

#[tokio::test]
async fn hooks_are_asked_with_the_row_s_record() {
    let revokes = |uid: Option<i64>| match uid {
        Some(7) => Verdict::Revoked,
        _ => Verdict::Valid,
    };
    let hooks = [
        Revocation::new(move |record| Ok(revokes(record.get(UID)?))),
        Revocation::with_future(move |record| async move { Ok(revokes(record.get(UID)?)) }),
    ];
    for hook in hooks {
        let layer = SessionLayer::new(config()).unwrap().with_revocation(hook);
        let layer = layer.with_store(MemoryStore::new()).unwrap();
        let mut browser = Browser {
            layer,
            ..Browser::new()
        };
        for (uid, seen) in [(7, None), (8, Some(8))] {
            browser
                .visit(async |session| session.put(UID, uid))
                .await
                .unwrap();
            assert_eq!(browser.uid().await, seen);
        }
    }
    let down = Revocation::new(|_| Err("no connection to the database".into()));
    let layer = SessionLayer::new(config()).unwrap().with_revocation(down);
    let layer = layer.with_store(MemoryStore::new()).unwrap();
    let mut browser = Browser {
        layer,
        ..Browser::new()
    };
    browser
        .visit(async |session| session.put(UID, 7))
        .await
        .unwrap();
    let read = browser.visit(async |session| session.get(UID)).await;
    assert!(matches!(read, Err(Error::Unavailable)), "{read:?}");
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
