//! What a handler does to its session while an exact call of its own is on its way.

use http::StatusCode;
use session_runtime::{Error, Key, Lifetime, Result, Session};
use std::time::Duration;

use super::server::{Account, Browser, UID};

const N: Key<u32> = Key::new("n");

/// Both at once: `other` runs while the call is at the store.
async fn beside(
    session: &Session,
    call: impl Future<Output = Result<u32>>,
    other: impl FnOnce(&Session) -> Result<()>,
) -> Result<u32> {
    let (called, done) = tokio::join!(call, async {
        tokio::task::yield_now().await;
        other(session)
    });
    done?;
    called
}

async fn counted(session: &Session) -> Result<u32> {
    session.update_now(N, |n| n.unwrap_or(0) + 1).await
}

async fn signed_in() -> Browser {
    let browser = Browser::signed_in().await;
    browser.line.yields();
    browser
}

#[tokio::test]
async fn a_sign_out_holds() {
    for status in [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR] {
        let mut browser = signed_in().await;
        let mut copy = browser.clone();
        let n = browser.answered(status, async |session| {
            let n = beside(&session, counted(&session), Session::destroy).await?;
            assert!(matches!(session.put(N, 1), Err(Error::Destroyed)));
            assert_eq!(session.get(UID)?, None);
            Ok(n)
        });
        assert_eq!(n.await.unwrap(), 1);
        assert!(browser.removes());
        assert_eq!(copy.uid().await, None);
    }
}

#[tokio::test]
async fn a_restart_holds_also_where_the_call_was_for_a_new_session() {
    for is_new in [false, true] {
        let mut browser = if is_new {
            let browser = Browser::new();
            browser.line.yields();
            browser
        } else {
            signed_in().await
        };
        let mut copy = browser.clone();
        let n = browser.visit(async |session| {
            session.put("old", 1)?;
            let restart = |session: &Session| {
                session.restart()?;
                session.put("new", 1)
            };
            beside(&session, counted(&session), restart).await
        });
        assert_eq!(n.await.unwrap(), 1, "is new: {is_new}");
        let keys = browser.visit(async |session| session.keys()).await.unwrap();
        assert_eq!(keys, ["new"]);
        assert_eq!(copy.uid().await, None);
        assert_eq!(browser.line.rows(), 1, "is new: {is_new}");
    }
}

#[tokio::test]
async fn a_later_put_of_its_own_key_wins_and_so_does_a_del() {
    let mut browser = signed_in().await;
    let put = browser.visit(async |session| {
        let n = beside(&session, counted(&session), |session| session.put(N, 40)).await?;
        Ok((n, session.get(N)?))
    });
    assert_eq!(put.await.unwrap(), (1, Some(40)));
    let again = browser.visit(async |session| session.get(N)).await.unwrap();
    assert_eq!(again, Some(40));
    let del = browser.visit(async |session| {
        let n = beside(&session, counted(&session), |session| {
            session.del(N).map(drop)
        })
        .await?;
        Ok((n, session.get(N)?))
    });
    assert_eq!(del.await.unwrap(), (41, None));
    assert_eq!(
        browser.visit(async |session| session.get(N)).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn puts_of_other_keys_a_clear_and_a_renewal_wait_for_the_end() {
    let mut browser = signed_in().await;
    let old = browser.cookie.clone();
    let n = browser.visit(async |session| {
        let others = |session: &Session| {
            session.clear()?;
            session.put("other", 5)?;
            session.renew()
        };
        let n = beside(&session, counted(&session), others).await?;
        assert_eq!(session.get(UID)?, None);
        Ok(n)
    });
    assert_eq!(n.await.unwrap(), 1);
    assert_ne!(browser.cookie, old);
    let keys = browser.visit(async |session| session.keys()).await.unwrap();
    assert_eq!(keys, ["n", "other"], "a clear removes what it saw");
}

#[tokio::test]
async fn a_pending_label_and_lifetime_are_saved_whole() {
    for status in [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR] {
        let is_saved = status == StatusCode::OK;
        let mut browser = Browser::with_owner();
        let ada = "ada".to_owned();
        let sign_in = browser.visit(async |session| session.put(Account::USER, ada.clone()));
        sign_in.await.unwrap();
        let long = Lifetime::For(Duration::from_secs(900));
        let brief = Lifetime::For(Duration::from_secs(100));
        browser
            .visit(async |session| session.set_lifetime(long))
            .await
            .unwrap();
        let n = browser.answered(status, async |session| {
            session.set_label("phone")?;
            session.set_lifetime(brief)?;
            let n = session.update_now(N, |n| n.unwrap_or(0) + 1).await?;
            assert_eq!(session.lifetime()?, brief);
            Ok(n)
        });
        assert_eq!(n.await.unwrap(), 1);
        let listed = browser
            .layer
            .sessions()
            .list(Account::USER, &ada)
            .await
            .unwrap();
        assert_eq!(listed[0].label(), is_saved.then_some("phone"), "{status}");
        let left = listed[0].expires_at().duration_since(listed[0].last_seen());
        let lifetime = browser
            .visit(async |session| session.lifetime())
            .await
            .unwrap();
        let (row, seconds) = if is_saved { (brief, 100) } else { (long, 900) };
        assert_eq!(
            (lifetime, left.unwrap().as_secs()),
            (row, seconds),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_label_and_a_lifetime_go_with_a_new_id() {
    let mut browser = Browser::with_owner();
    let ada = "ada".to_owned();
    let brief = Lifetime::For(Duration::from_secs(100));
    let n = browser.answered(StatusCode::BAD_GATEWAY, async |session| {
        session.put(Account::USER, ada.clone())?;
        session.set_label("phone")?;
        session.set_lifetime(brief)?;
        counted(&session).await
    });
    assert_eq!(n.await.unwrap(), 1);
    assert!(browser.set_cookie().unwrap().ends_with("Max-Age=100"));
    let listed = browser
        .layer
        .sessions()
        .list(Account::USER, &ada)
        .await
        .unwrap();
    assert_eq!(listed[0].label(), Some("phone"));
    let lifetime = browser.visit(async |session| session.lifetime()).await;
    assert_eq!(lifetime.unwrap(), brief);
}

/// Others chose another lifetime meanwhile: the cookie is as the row is.
#[tokio::test]
async fn a_cookie_lives_as_long_as_the_session_that_is_stored() {
    let mut browser = Browser::signed_in().await;
    let mut other = browser.clone();
    browser.clock.advance(super::server::MAX_AGE / 2);
    let brief = Lifetime::For(Duration::from_secs(100));
    let put = browser.visit(async |session| {
        session.put("a", 1)?;
        other
            .visit(async |session| session.set_lifetime(brief))
            .await
    });
    put.await.unwrap();
    let cookie = browser.set_cookie().expect("it was due");
    assert!(cookie.ends_with("Max-Age=100"), "{cookie}");
}

#[tokio::test]
async fn a_task_that_outlives_its_request_is_told_what_it_committed() {
    let mut browser = signed_in().await;
    let local = tokio::task::LocalSet::new();
    let task = local
        .run_until(async {
            let task = browser.visit(async |session| {
                session.get(UID)?;
                let mut call = Box::pin(async move { counted(&session).await });
                // The call is at the store when the handler answers.
                assert!(super::server::polled(1, call.as_mut()).await.is_none());
                Ok(tokio::task::spawn_local(call))
            });
            task.await.unwrap().await.unwrap()
        })
        .await;
    assert_eq!(task.unwrap(), 1);
    assert_eq!(
        browser.visit(async |session| session.get(N)).await.unwrap(),
        Some(1)
    );
}

#[tokio::test]
async fn nothing_is_made_of_nothing() {
    let mut browser = Browser::new();
    browser
        .visit(async |session| session.save_now().await)
        .await
        .unwrap();
    assert_eq!((browser.line.trips(), browser.set_cookie()), (0, None));
    let mut browser = Browser::signed_in().await;
    browser
        .visit(async |session| session.save_now().await)
        .await
        .unwrap();
    assert_eq!((browser.line.trips(), browser.set_cookie()), (1, None));
    let taken = browser.visit(async |session| session.take_now(N).await);
    assert_eq!(taken.await.unwrap(), None);
    assert_eq!(browser.line.trips(), 1, "there is nothing to take");
}

#[tokio::test]
async fn two_saves_at_once_write_once() {
    for mut browser in [Browser::new(), Browser::signed_in().await] {
        browser.line.yields();
        let saved = browser.visit(async |session| {
            session.put("a", 1)?;
            let (one, two) = tokio::join!(session.save_now(), session.save_now());
            one.and(two)
        });
        saved.await.unwrap();
        assert_eq!(
            (browser.answer.written, browser.status),
            (1, StatusCode::OK)
        );
        let keys = browser.visit(async |session| session.keys()).await.unwrap();
        assert!(keys.contains(&"a".to_owned()));
    }
}
