//! Calls that commit before they answer: exact, whoever else is at it.

use std::sync::Arc;

use http::StatusCode;
use session_runtime::{Error, Key, SessionLayer};
use tokio::sync::Barrier;
use tower::{Layer, ServiceExt, service_fn};

use super::server::{Account, Browser, UID, config};

const N: Key<u32> = Key::new("n");

#[tokio::test]
async fn every_increment_of_parallel_requests_counts() {
    const REQUESTS: u32 = 8;
    let browser = Browser::signed_in().await;
    let barrier = Arc::new(Barrier::new(REQUESTS as usize));
    let local = tokio::task::LocalSet::new();
    for _ in 0..REQUESTS {
        let (mut browser, barrier) = (browser.clone(), Arc::clone(&barrier));
        local.spawn_local(async move {
            let updated = browser.visit(async |session| {
                session.get(UID)?;
                barrier.wait().await;
                session.update_now(N, |n| n.unwrap_or(0) + 1).await
            });
            updated.await.unwrap();
        });
    }
    local.await;
    let mut browser = browser;
    let n = browser.visit(async |session| session.get(N)).await.unwrap();
    assert_eq!(n, Some(REQUESTS));
}

#[tokio::test]
async fn a_value_is_taken_once() {
    let mut browser = Browser::signed_in().await;
    browser
        .visit(async |session| session.put(N, 5))
        .await
        .unwrap();
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let taken = one.visit(async |session| {
        session.get(UID)?;
        // Another request is in between.
        let other = two.visit(async |session| session.take_now(N).await).await?;
        Ok((session.take_now(N).await?, other))
    });
    assert_eq!(taken.await.unwrap(), (None, Some(5)));
}

#[tokio::test]
async fn what_others_wrote_meanwhile_stays_and_what_is_pending_waits() {
    let mut browser = Browser::signed_in().await;
    let mut other = browser.clone();
    let done = browser.visit(async |session| {
        session.put("pending", 1)?;
        other
            .visit(async |session| session.put("theirs", 2))
            .await?;
        let n = session.update_now(N, |n| n.unwrap_or(0) + 1).await?;
        assert_eq!(
            (n, session.get("theirs")?),
            (1, Some(2)),
            "it goes on from there"
        );
        let seen = other.visit(async |session| Ok((session.get(N)?, session.contains("pending")?)));
        assert_eq!(seen.await?, (Some(1), false));
        session
            .update_now("pending", |n: Option<i32>| n.unwrap_or(0) + 10)
            .await
    });
    assert_eq!(done.await.unwrap(), 11, "on top of the pending value");
    let keys = browser.visit(async |session| session.keys()).await.unwrap();
    assert_eq!(keys, ["uid", "theirs", "n", "pending"]);
}

#[tokio::test]
async fn what_is_committed_stays_and_a_new_id_reaches_the_browser_whatever_the_status() {
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    let mut browser = Browser::new();
    let first = browser.answered(failed, async |session| {
        session.put(UID, 7)?;
        session.save_now().await?;
        session.put("dropped", 1)
    });
    first.await.unwrap();
    assert_eq!(browser.uid().await, Some(7));
    let old = browser.cookie.clone();
    let renewed = browser.answered(failed, async |session| {
        session.renew()?;
        session.update_now(N, |_| 1).await
    });
    renewed.await.unwrap();
    assert_ne!(browser.cookie, old);
    let seen =
        browser.visit(async |session| Ok((session.get(UID)?, session.get(N)?, session.keys()?)));
    let (uid, n, keys) = seen.await.unwrap();
    assert_eq!((uid, n, keys.len()), (Some(7), Some(1), 2), "{keys:?}");
    let restarted = browser.answered(failed, async |session| {
        session.restart()?;
        session.put("fresh", true)?;
        session.save_now().await
    });
    restarted.await.unwrap();
    let keys = browser.visit(async |session| session.keys()).await.unwrap();
    assert_eq!(keys, ["fresh"]);
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_is_gone() {
    let mut browser = Browser::signed_in().await;
    let mut other = browser.clone();
    let gone = browser.visit(async |session| {
        session.get(UID)?;
        other.visit(async |session| session.destroy()).await?;
        session.update_now(N, |n| n.unwrap_or(0) + 1).await
    });
    assert!(matches!(gone.await, Err(Error::Gone)));
    assert_eq!(browser.set_cookie(), None);
}

#[tokio::test]
async fn an_owner_that_is_updated_takes_a_new_id() {
    let mut browser = Browser::with_owner();
    browser
        .visit(async |session| session.put("cart", 1))
        .await
        .unwrap();
    let old = browser.cookie.clone();
    let user = browser.visit(async |session| {
        session
            .update_now(Account::USER, |_| "ada".to_owned())
            .await
    });
    assert_eq!(user.await.unwrap(), "ada");
    assert_ne!(browser.cookie, old);
    let listed = browser
        .layer
        .sessions()
        .list(Account::USER, &"ada".to_owned())
        .await;
    assert_eq!(listed.unwrap().len(), 1);
}

#[tokio::test]
async fn flashes_that_were_shown_stay_readable_after_a_commit() {
    use super::server::NOTICE;
    let mut browser = Browser::signed_in().await;
    browser
        .visit(async |session| session.put(NOTICE, "hi".to_owned()))
        .await
        .unwrap();
    let shown = browser.visit(async |session| {
        let first = session.get(NOTICE)?;
        session.save_now().await?;
        Ok((first, session.get(NOTICE)?))
    });
    let hi = || Some("hi".to_owned());
    assert_eq!(shown.await.unwrap(), (hi(), hi()));
    let again = browser.visit(async |session| session.get(NOTICE)).await;
    assert_eq!(again.unwrap(), None);
}

#[tokio::test]
async fn a_cookie_session_has_no_store() {
    let layer = SessionLayer::new(config()).unwrap();
    let service = layer.layer(service_fn(async |_: http::Request<()>| {
        let session = session_runtime::Session::current().unwrap();
        let results = [
            session.update_now(N, |_| 1).await.map(drop),
            session.take_now(N).await.map(drop),
            session.save_now().await,
        ];
        for result in results {
            assert!(matches!(result, Err(Error::NoStore)), "{result:?}");
        }
        session.load().await.unwrap();
        session.set_label("nothing happens").unwrap();
        Ok::<_, std::convert::Infallible>(http::Response::new(()))
    }));
    let response = service.oneshot(http::Request::new(())).await.unwrap();
    assert!(response.headers().is_empty(), "not touched");
}
