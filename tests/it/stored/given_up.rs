//! Exact calls that the application drops, as a time-out in a handler does, or that the store fails: what was promised
//! is kept.

use http::StatusCode;
use session_runtime::{Error, Key, Result, Session};

use super::server::{Browser, Turn, UID, polled, settle};

const N: Key<u32> = Key::new("n");
const CODE: Key<u32> = Key::new("code");
const OK: StatusCode = StatusCode::OK;
const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// A session in each state in which a call may be dropped, and what leads to the state in the request.
type Begin = fn(&Session) -> Result<()>;
const BEGINS: [(&str, Begin); 4] = [
    ("as it is", |_| Ok(())),
    ("with a pending renewal", Session::renew),
    ("restarted", |session| {
        session.restart()?;
        session.put(UID, 7)
    }),
    ("with a pending change", |session| session.put("pending", 1)),
];

/// Drops the call at every poll that it takes, with each beginning and end; answers what was seen then.
async fn at_every_poll<T>(
    browser: impl AsyncFn() -> Browser,
    call: impl AsyncFn(&Session) -> Result<T>,
    check: impl AsyncFn(&mut Browser, Option<T>, &str),
) {
    for (begins, begin) in BEGINS {
        for status in [OK, FAILED] {
            let mut ended = false;
            for polls in 0..60 {
                let mut browser = browser().await;
                browser.line.yields();
                let done = browser.answered(status, async |session| {
                    begin(&session)?;
                    polled(polls, call(&session)).await.transpose()
                });
                let done = done.await.unwrap();
                ended = done.is_some();
                let name = format!("{begins}, {status}, after {polls} polls");
                assert_eq!(browser.status, status, "{name}");
                settle().await;
                check(&mut browser, done, &name).await;
                if ended {
                    break;
                }
            }
            assert!(ended, "it never ends");
        }
    }
}

#[tokio::test]
async fn a_session_that_is_there_stays_signed_in_and_the_call_counts_once_at_the_most() {
    at_every_poll(
        Browser::signed_in,
        async |session| session.update_now(N, |n| n.unwrap_or(0) + 1).await,
        async |browser, n, name| {
            // The old session of a restart whose response failed is signed out, unless the new one was committed.
            let is_out = browser.removes();
            let seen = browser.visit(async |session| Ok((session.get(UID)?, session.get(N)?)));
            let (uid, seen) = seen.await.unwrap();
            assert_eq!(uid.is_none(), is_out, "{name}");
            assert!(matches!(seen, None | Some(1)), "{name}: {seen:?}");
            assert!(n.is_none() || seen == n, "{name}: {seen:?}");
            assert!(browser.line.rows() <= 1, "{name}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_new_session_is_there_whole_after_200() {
    at_every_poll(
        async || Browser::new(),
        async |session| {
            session.put("a", 1)?;
            session.update_now(N, |n| n.unwrap_or(0) + 1).await
        },
        async |browser, _, name| {
            let seen = browser.visit(async |session| Ok((session.get("a")?, session.get(N)?)));
            let (a, n): (Option<u32>, _) = seen.await.unwrap();
            let is_dropped = name.contains("500") && browser.cookie.is_none();
            let is_called = !name.ends_with("after 0 polls");
            assert_eq!(a.is_some(), is_called && !is_dropped, "{name}");
            assert!(matches!(n, None | Some(1)), "{name}: {n:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_value_is_taken_once_at_the_most() {
    at_every_poll(
        async || {
            let mut browser = Browser::signed_in().await;
            browser
                .visit(async |session| session.put(CODE, 4))
                .await
                .unwrap();
            browser
        },
        async |session| session.take_now(CODE).await,
        async |browser, taken, name| {
            let left = browser.visit(async |session| session.take_now(CODE).await);
            let left = left.await.unwrap();
            assert!(
                left.is_none() || taken.flatten().is_none(),
                "{name}: {left:?}"
            );
        },
    )
    .await;
}

/// What comes after the call that was dropped goes on from the row that it made.
#[tokio::test]
async fn a_second_call_and_later_changes_go_on_from_a_first_that_was_dropped() {
    for polls in 0..12 {
        for browser in [Browser::new(), Browser::signed_in().await] {
            let mut browser = browser;
            browser.line.yields();
            let n = browser.visit(async |session| {
                session.renew()?;
                let count = || session.update_now(N, |n| n.unwrap_or(0) + 1);
                let first = polled(polls, count()).await.transpose()?;
                session.put("later", 1)?;
                let second = count().await?;
                Ok((first, second))
            });
            let (first, second) = n.await.unwrap();
            assert!(second == first.unwrap_or(0) + 1 || first.is_none() && second == 2);
            assert_eq!(browser.status, OK, "after {polls} polls");
            let seen = browser.visit(async |session| Ok((session.get("later")?, session.get(N)?)));
            assert_eq!(
                seen.await.unwrap(),
                (Some(1), Some(second)),
                "after {polls} polls"
            );
            assert_eq!(browser.line.rows(), 1, "after {polls} polls");
        }
    }
}

#[tokio::test]
async fn a_sign_out_ends_the_row_of_a_call_that_was_dropped() {
    for polls in 0..8 {
        let mut browser = Browser::new();
        browser.line.yields();
        let done = browser.visit(async |session| {
            session.put(UID, 7)?;
            polled(polls, session.save_now()).await.transpose()?;
            session.destroy()
        });
        done.await.unwrap();
        settle().await;
        assert_eq!(browser.line.rows(), 0, "after {polls} polls");
    }
}

/// The store failed the call, and whether the row was made is not known; the handler goes on and answers 200.
#[tokio::test]
async fn a_call_that_the_store_failed_is_followed_by_503_or_by_what_was_promised() {
    let failures = [
        vec![Turn::Unreached],
        vec![Turn::AnswerLost, Turn::AnswerLost],
        vec![Turn::AnswerLost, Turn::Unreached],
        vec![Turn::Unreached, Turn::Unreached],
    ];
    for turns in failures {
        for (begins, begin) in BEGINS {
            for is_new in [true, false] {
                let mut browser = if is_new {
                    Browser::new()
                } else {
                    Browser::signed_in().await
                };
                let line = browser.line.clone();
                let done = browser.visit(async |session| {
                    begin(&session)?;
                    session.put("a", 1)?;
                    let is_restart = begins == "restarted" && !is_new;
                    let ending = is_restart.then_some(Turn::Works);
                    line.next(ending.into_iter().chain(turns.clone()));
                    let failed = session.update_now(N, |_| 1).await;
                    line.calm();
                    Ok(failed)
                });
                let failed = done.await.unwrap();
                settle().await;
                let name = format!("{begins}, {turns:?}, is new: {is_new}, {failed:?}");
                if browser.status == OK {
                    let a = browser.visit(async |session| session.get("a")).await;
                    assert_eq!(a.unwrap(), Some(1), "{name}");
                } else {
                    assert_eq!(browser.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
                    assert!(matches!(failed, Err(Error::Unavailable)), "{name}");
                    assert_eq!(browser.set_cookie(), None, "{name}");
                }
            }
        }
    }
}
