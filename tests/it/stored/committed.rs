//! What was committed under an id that the browser does not have goes out, whatever comes after it.

use http::StatusCode;
use session_runtime::{Key, Result, Session, SessionLayer};

use super::server::{Browser, NOTICE, UID, config};

const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
const N: Key<u32> = Key::new("n");

type New = fn(&Session) -> Result<()>;

/// What gives the session an id that the browser does not have.
const NEW: [(&str, New); 2] = [
    ("renew", Session::renew),
    ("restart", |session| {
        session.restart()?;
        session.put(UID, 8)
    }),
];

#[tokio::test]
async fn beside_a_second_renewal_that_is_dropped() {
    for (name, new) in NEW {
        let mut browser = Browser::signed_in().await;
        let done = browser.answered(FAILED, async |session| {
            new(&session)?;
            session.update_now(N, |_| 1).await?;
            session.put("dropped", 1)?;
            session.renew()
        });
        done.await.unwrap();
        let keys = browser.visit(async |session| session.keys()).await.unwrap();
        assert_eq!(keys, ["uid", "n"], "{name}");
    }
}

#[tokio::test]
async fn beside_a_save_that_fails() {
    for (name, new) in NEW {
        let mut browser = Browser::signed_in().await;
        let line = browser.line.clone();
        let done = browser.visit(async |session| {
            new(&session)?;
            session.save_now().await?;
            session.put("lost", 1)?;
            line.cut(true);
            Ok(())
        });
        done.await.unwrap();
        assert_eq!(browser.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
        browser.line.cut(false);
        let keys = browser.visit(async |session| session.keys()).await.unwrap();
        assert_eq!(keys, ["uid"], "{name}: what was committed");
    }
}

#[tokio::test]
async fn beside_a_shown_flash_that_is_let_go() {
    for (name, new) in NEW {
        let mut browser = Browser::signed_in().await;
        let line = browser.line.clone();
        let done = browser.visit(async |session| {
            new(&session)?;
            session.put(NOTICE, "hi".to_owned())?;
            session.save_now().await?;
            session.get(NOTICE)?;
            line.cut(true);
            Ok(())
        });
        done.await.unwrap();
        browser.line.cut(false);
        let notice = browser.visit(async |session| session.get(NOTICE)).await;
        assert_eq!(
            notice.unwrap().as_deref(),
            Some("hi"),
            "{name}: put later than shown"
        );
    }
}

/// The flash was there before the exact call; the call alone must not make its removal one that can't wait.
#[tokio::test]
async fn a_flash_that_was_shown_is_let_go_after_an_exact_call_too() {
    let mut browser = Browser::signed_in().await;
    let put = browser.visit(async |session| session.put(NOTICE, "hi".to_owned()));
    put.await.unwrap();
    for shown_first in [true, false] {
        let line = browser.line.clone();
        let shown = browser.visit(async |session| {
            if shown_first {
                session.get(NOTICE)?;
            }
            session.update_now(N, |n| n.unwrap_or(0) + 1).await?;
            let shown = session.get(NOTICE)?;
            line.cut(true);
            Ok(shown)
        });
        assert_eq!(shown.await.unwrap().as_deref(), Some("hi"));
        assert_eq!((browser.status, browser.is_page), (StatusCode::OK, true));
        browser.line.cut(false);
    }
    let last = browser.visit(async |session| Ok((session.get(NOTICE)?, session.get(N)?)));
    assert_eq!(last.await.unwrap(), (Some("hi".to_owned()), Some(2)));
    let over = browser.visit(async |session| session.get(NOTICE)).await;
    assert_eq!(over.unwrap(), None, "where it can be saved it is");
}

/// A flash that was shown is taken out at the end, also after an exact call.
#[tokio::test]
async fn a_flash_that_was_shown_before_an_exact_call_is_gone_after_it() {
    let mut browser = Browser::signed_in().await;
    let put = browser.visit(async |session| session.put(NOTICE, "hi".to_owned()));
    put.await.unwrap();
    let shown = browser.visit(async |session| {
        session.get(NOTICE)?;
        session.update_now(N, |_| 1).await
    });
    shown.await.unwrap();
    assert_eq!(
        browser
            .visit(async |session| session.get(NOTICE))
            .await
            .unwrap(),
        None
    );
}

fn clears_cache(browser: &Browser) -> bool {
    browser.answer.headers.contains_key("clear-site-data")
}

#[tokio::test]
async fn a_restart_is_told_as_one() {
    let ways: [(&str, StatusCode, New, bool); 5] = [
        ("alone", StatusCode::OK, |_| Ok(()), false),
        ("with a failure", FAILED, |_| Ok(()), false),
        (
            "with a change",
            StatusCode::OK,
            |session| session.put("a", 1),
            false,
        ),
        ("with a renewal", StatusCode::OK, Session::renew, false),
        (
            "with a save that fails",
            StatusCode::OK,
            |session| session.put("a", 1),
            true,
        ),
    ];
    for (name, status, then, is_cut) in ways {
        let mut browser = Browser::new();
        let layer = SessionLayer::new(config()).unwrap();
        let layer = layer
            .with_clock(browser.clock.reader())
            .with_clear_site_data();
        browser.layer = layer.with_store(browser.line.clone()).unwrap();
        browser
            .visit(async |session| session.put(UID, 7))
            .await
            .unwrap();
        assert!(!clears_cache(&browser));
        let line = browser.line.clone();
        let restarted = browser.answered(status, async |session| {
            session.restart()?;
            session.put(UID, 8)?;
            session.save_now().await?;
            assert!(session.is_new()?, "{name}");
            then(&session)?;
            line.cut(is_cut);
            Ok(())
        });
        restarted.await.unwrap();
        browser.line.cut(false);
        assert!(clears_cache(&browser), "{name}");
        assert_eq!(browser.uid().await, Some(8), "{name}");
    }
}
