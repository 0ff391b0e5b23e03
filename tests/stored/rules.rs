//! The rules of a request mean the same in a cookie and with a store: one suite for both.

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

use crate::server::{Browser, MAX_AGE, NOTICE, UID, config};

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
    for browser in Browser::both_signed_in().await {
        flash(browser).await;
    }
}

async fn flash(mut browser: Browser) {
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
    for browser in Browser::both_signed_in().await {
        ttl(browser).await;
    }
}

async fn ttl(mut browser: Browser) {
    const CODE: Key<u32> = Key::with_info(KeyInfo::new("code").with_ttl(Duration::from_secs(60)));
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
async fn rolling_moves_the_session_s_end() {
    for browser in Browser::both_signed_in().await {
        rolling(browser).await;
    }
}

async fn rolling(mut browser: Browser) {
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
async fn a_lifetime_that_is_chosen_holds() {
    for browser in Browser::both_signed_in().await {
        lifetime(browser).await;
    }
}

async fn lifetime(mut browser: Browser) {
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
        for browser in Browser::both_signed_in().await {
            dropped(browser, status).await;
        }
    }
    for mut browser in Browser::both(|layer| layer.with_save_policy(SavePolicy::Always)) {
        let failed = StatusCode::INTERNAL_SERVER_ERROR;
        let put = browser.answered(failed, async |session| session.put(UID, 8));
        put.await.unwrap();
        assert_eq!(browser.uid().await, Some(8), "{}", browser.kind());
    }
}

async fn dropped(mut browser: Browser, status: StatusCode) {
    let kind = browser.kind();
    let put = browser.answered(status, async |session| session.put(UID, 8));
    put.await.unwrap();
    assert_eq!((browser.status, browser.is_page), (status, true), "{kind}");
    assert_eq!(browser.uid().await, Some(7), "{kind}");
    let (mut restarted, mut copy) = (browser.clone(), browser.clone());
    let restart = restarted.answered(status, async |session| session.restart());
    restart.await.unwrap();
    assert!(restarted.removes(), "{kind}: sent as a sign-out");
    assert_eq!(copy.uid().await, None, "{kind}");
    let destroy = browser.answered(status, async |session| session.destroy());
    destroy.await.unwrap();
    assert!(browser.removes(), "{kind}");
}

#[tokio::test]
async fn caches_are_told() {
    for browser in Browser::both_signed_in().await {
        caches(browser).await;
    }
}

async fn caches(mut browser: Browser) {
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
async fn hooks_are_asked_with_what_the_session_holds() {
    let revokes = |uid: Option<i64>| match uid {
        Some(7) => Verdict::Revoked,
        _ => Verdict::Valid,
    };
    let hooks = [
        Revocation::new(move |record| Ok(revokes(record.get(UID)?))),
        Revocation::with_future(move |record| async move { Ok(revokes(record.get(UID)?)) }),
    ];
    for hook in hooks {
        for mut browser in Browser::both(|layer| layer.with_revocation(hook.clone())) {
            for (uid, seen) in [(7, None), (8, Some(8))] {
                let put = browser.visit(async |session| session.put(UID, uid));
                put.await.unwrap();
                assert_eq!(browser.uid().await, seen, "{}", browser.kind());
            }
        }
    }
}

#[tokio::test]
async fn a_hook_that_fails_signs_nobody_out() {
    let down = Revocation::new(|_| Err("no connection to the database".into()));
    for mut browser in Browser::both(|layer| layer.with_revocation(down.clone())) {
        let put = browser.visit(async |session| session.put(UID, 7));
        put.await.unwrap();
        let read = browser.visit(async |session| session.get(UID)).await;
        assert!(matches!(read, Err(Error::Unavailable)), "{read:?}");
        assert_eq!(browser.set_cookie(), None, "{}", browser.kind());
    }
}

#[tokio::test]
async fn a_renewal_keeps_what_is_there_under_a_new_id() {
    for mut browser in Browser::both_signed_in().await {
        let kind = browser.kind();
        let ids = browser.visit(async |session| {
            let before = session.id()?;
            session.renew()?;
            Ok((before, session.id()?))
        });
        let (before, after) = ids.await.unwrap();
        assert_ne!(before, after, "{kind}");
        let id = browser.visit(async |session| session.id()).await.unwrap();
        assert_eq!((id, browser.uid().await), (after, Some(7)), "{kind}");
    }
}

#[tokio::test]
async fn a_restart_ends_one_session_and_begins_another() {
    for mut browser in Browser::both_signed_in().await {
        let kind = browser.kind();
        let mut copy = browser.clone();
        let restarted = browser.visit(async |session| {
            session.restart()?;
            assert!(session.is_new()?);
            session.put(NOTICE, "bye".to_owned())
        });
        restarted.await.unwrap();
        let seen = browser.visit(async |session| Ok((session.get(UID)?, session.get(NOTICE)?)));
        assert_eq!(
            seen.await.unwrap(),
            (None, Some("bye".to_owned())),
            "{kind}"
        );
        assert_eq!(copy.uid().await, None, "{kind}");
    }
}

#[tokio::test]
async fn a_sign_out_holds_for_every_copy_of_the_cookie() {
    for mut browser in Browser::both_signed_in().await {
        let kind = browser.kind();
        let mut copy = browser.clone();
        let ended = browser.visit(async |session| {
            session.destroy()?;
            assert_eq!(session.get(UID)?, None);
            assert!(matches!(session.put(UID, 8), Err(Error::Destroyed)));
            Ok(())
        });
        ended.await.unwrap();
        assert!(browser.removes(), "{kind}");
        assert_eq!(copy.uid().await, None, "{kind}");
    }
}

#[tokio::test]
async fn what_is_cleared_is_gone_and_the_session_goes_on() {
    for mut browser in Browser::both_signed_in().await {
        let kind = browser.kind();
        let before = browser.visit(async |session| session.id()).await.unwrap();
        browser
            .visit(async |session| session.clear())
            .await
            .unwrap();
        let after = browser
            .visit(async |session| Ok((session.id()?, session.keys()?)))
            .await;
        assert_eq!(after.unwrap(), (before, vec![]), "{kind}");
    }
}

#[tokio::test]
async fn a_value_of_another_type_costs_its_key_alone_and_survives_a_write() {
    for mut browser in Browser::both_signed_in().await {
        let kind = browser.kind();
        let put = browser.visit(async |session| session.put("odd", "text"));
        put.await.unwrap();
        let read = browser.visit(async |session| {
            let odd = session.get::<u32>("odd");
            assert!(matches!(odd, Err(Error::Type { .. })), "{odd:?}");
            session.put("more", 1)?;
            session.get(UID)
        });
        assert_eq!(read.await.unwrap(), Some(7), "{kind}");
        let odd =
            browser.visit(async |session| Ok((session.get::<String>("odd")?, session.keys()?)));
        let (odd, keys) = odd.await.unwrap();
        assert_eq!(odd.as_deref(), Some("text"), "{kind}");
        assert_eq!(keys, ["uid", "odd", "more"], "{kind}");
    }
}

#[tokio::test]
async fn a_handle_is_over_with_its_request() {
    for mut browser in Browser::both_signed_in().await {
        let kept = browser.visit(async |session| Ok(session)).await.unwrap();
        let calls = [
            kept.get(UID).map(drop),
            kept.put(UID, 8),
            kept.renew(),
            kept.restart(),
        ];
        for over in calls {
            assert!(matches!(over, Err(Error::RequestEnded)), "{over:?}");
        }
        assert!(browser.layer.requests().is_empty(), "{}", browser.kind());
    }
}

#[tokio::test]
async fn nothing_is_said_of_a_session_that_was_not_touched() {
    for mut browser in Browser::both_signed_in().await {
        browser.visit(async |_| Ok(())).await.unwrap();
        assert!(browser.headers.is_empty(), "{}", browser.kind());
    }
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
