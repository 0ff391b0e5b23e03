//! A request that is dropped at any poll leaves the store consistent and nothing behind.

use std::task::{Context, Waker};

use http::StatusCode;
use session_runtime::{Result, Session};

use super::server::{Browser, UID};

/// Polls the request so often and drops it; whether it had ended by then.
async fn dropped_after(
    polls: usize,
    browser: &Browser,
    calls: impl AsyncFnOnce(Session) -> Result<()>,
) -> bool {
    let mut request = Box::pin(browser.unseen(StatusCode::OK, calls));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if request.as_mut().poll(&mut context).is_ready() {
            return true;
        }
        tokio::task::yield_now().await;
    }
    drop(request);
    // What goes on in a task of its own.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert!(browser.layer.requests().is_empty(), "after {polls} polls");
    false
}

/// The number of polls that the request takes; at each of them it was dropped once.
async fn every_poll(
    calls: impl AsyncFn(Session) -> Result<()> + Copy,
    check: impl AsyncFn(&mut Browser, usize),
) -> usize {
    for polls in 0..100 {
        let mut browser = Browser::signed_in().await;
        browser.line.yields();
        let ended = dropped_after(polls, &browser, calls).await;
        check(&mut browser, polls).await;
        if ended {
            return polls;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn a_save_is_done_whole_or_not_at_all() {
    let polls = every_poll(
        async |session| {
            session.put("a", 1)?;
            session.put("b", 2)
        },
        async |browser, polls| {
            let seen = browser.visit(async |session| {
                Ok((session.get("a")?, session.get("b")?, session.get(UID)?))
            });
            let (a, b, uid) = seen.await.unwrap();
            assert!(
                matches!((a, b), (None, None) | (Some(1), Some(2))),
                "{polls}: {a:?} {b:?}"
            );
            assert_eq!(uid, Some(7), "after {polls} polls");
        },
    );
    assert!(polls.await >= 5);
}

/// A renewal whose cookie never arrived may cost the session, but never gives it to two ids.
#[tokio::test]
async fn a_renewal_leaves_one_session_at_the_most() {
    every_poll(
        async |session| session.renew(),
        async |browser, polls| {
            let uid = browser.uid().await;
            assert!(uid.is_none() || uid == Some(7), "after {polls} polls");
        },
    )
    .await;
}

/// Once it has begun, a sign-out is finished by the store's own task.
#[tokio::test]
async fn a_sign_out_that_has_begun_is_finished() {
    // Its load takes three polls; the handler runs in the third, and the sign-out begins.
    let polls = every_poll(
        async |session| session.destroy(),
        async |browser, polls| {
            let uid = browser.uid().await;
            assert_eq!(uid.is_none(), polls >= 3, "after {polls} polls: {uid:?}");
        },
    );
    assert!(polls.await > 3);
}

#[tokio::test]
async fn an_exact_call_counts_once_or_not_at_all() {
    every_poll(
        async |session| {
            session
                .update_now("n", |n: Option<u32>| n.unwrap_or(0) + 1)
                .await?;
            Ok(())
        },
        async |browser, polls| {
            let n = browser
                .visit(async |session| session.get::<u32>("n"))
                .await
                .unwrap();
            assert!(n.is_none() || n == Some(1), "after {polls} polls: {n:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_value_is_taken_whole_or_left() {
    every_poll(
        async |session| {
            // The value is of the request before; the one of this request is taken on top of it.
            session.put("other", 1)?;
            session.take_now::<i64>("uid").await.map(drop)
        },
        async |browser, polls| {
            let seen = browser.visit(async |session| Ok((session.get(UID)?, session.is_new()?)));
            let (uid, is_new) = seen.await.unwrap();
            assert!(!is_new, "after {polls} polls");
            assert!(uid.is_none() || uid == Some(7), "after {polls} polls");
        },
    )
    .await;
}

/// As any renewal whose cookie never arrived: it may cost the session, and there is never more than one.
#[tokio::test]
async fn an_exact_call_with_a_pending_renewal_leaves_one_session_at_the_most() {
    every_poll(
        async |session| {
            session.renew()?;
            session
                .update_now("n", |n: Option<u32>| n.unwrap_or(0) + 1)
                .await?;
            session.put("later", 1)
        },
        async |browser, polls| {
            assert!(browser.line.rows() <= 1, "after {polls} polls");
            let seen =
                browser.visit(async |session| Ok((session.get(UID)?, session.get::<u32>("n")?)));
            let (uid, n) = seen.await.unwrap();
            assert!(
                matches!((uid, n), (Some(7) | None, None)),
                "after {polls} polls"
            );
        },
    )
    .await;
}
