//! An outage signs nobody out and lies to nobody.

use std::time::Duration;

use http::StatusCode;
use session_runtime::{Error, Lifetime, Result, Session};

use super::server::{Browser, MAX_AGE, NOTICE, Turn, UID};

type Call = fn(&Session) -> Result<()>;

/// Every change that must not be promised before it is stored.
const CHANGES: [(&str, Call); 8] = [
    ("put", |session| session.put("a", 1)),
    ("del", |session| session.del(UID).map(drop)),
    ("clear", Session::clear),
    ("renew", Session::renew),
    ("restart", Session::restart),
    ("destroy", Session::destroy),
    ("label", |session| session.set_label("Firefox")),
    ("lifetime", |session| {
        session.set_lifetime(Lifetime::For(Duration::from_secs(500)))
    }),
];

#[tokio::test]
async fn while_it_lasts_every_call_is_unavailable_and_no_cookie_is_touched() {
    for (name, change) in CHANGES {
        let mut browser = Browser::signed_in().await;
        browser.line.cut(true);
        let result = browser.visit(async |session| change(&session)).await;
        assert!(
            matches!(result, Err(Error::Unavailable)),
            "{name}: {result:?}"
        );
        assert_eq!(browser.set_cookie(), None, "{name}");
        browser.line.cut(false);
        assert_eq!(
            browser.uid().await,
            Some(7),
            "{name}: works at once after it"
        );
    }
}

#[tokio::test]
async fn a_handler_that_does_not_ask_is_served() {
    let mut browser = Browser::signed_in().await;
    browser.line.cut(true);
    browser.visit(async |_| Ok(())).await.unwrap();
    assert_eq!((browser.status, browser.is_page), (StatusCode::OK, true));
    assert_eq!(browser.set_cookie(), None);
}

#[tokio::test]
async fn a_visitor_without_a_good_cookie_meets_the_outage_only_when_something_is_saved() {
    let mut browser = Browser::new();
    browser.line.cut(true);
    for cookie in [None, Some("session=forged".to_owned())] {
        browser.cookie = cookie;
        let is_new = browser.visit(async |session| session.is_new()).await;
        assert!(is_new.unwrap() && browser.is_page);
        browser
            .visit(async |session| session.put("a", 1))
            .await
            .unwrap();
        assert_eq!(browser.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(browser.set_cookie(), None);
    }
}

/// The line is cut between loading and saving.
#[tokio::test]
async fn a_change_that_is_not_stored_is_an_empty_503_without_a_cookie() {
    for (name, change) in CHANGES {
        let mut browser = Browser::signed_in().await;
        let line = browser.line.clone();
        let done = browser.visit(async |session| {
            change(&session)?;
            line.cut(true);
            Ok(())
        });
        done.await.unwrap();
        assert_eq!(browser.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
        assert!(!browser.is_page, "{name}");
        assert_eq!(browser.set_cookie(), None, "{name}");
        assert!(browser.layer.requests().is_empty());
        browser.line.cut(false);
        assert_eq!(browser.uid().await, Some(7), "{name}");
    }
}

#[tokio::test]
async fn a_touch_and_a_shown_flash_are_let_go() {
    let mut browser = Browser::signed_in().await;
    browser
        .visit(async |session| session.put(NOTICE, "hi".to_owned()))
        .await
        .unwrap();
    let line = browser.line.clone();
    let shown = browser.visit(async |session| {
        let shown = session.get(NOTICE)?;
        line.cut(true);
        Ok(shown)
    });
    assert_eq!(shown.await.unwrap().as_deref(), Some("hi"));
    assert!(browser.is_page);
    browser.line.cut(false);
    let again = browser.visit(async |session| session.get(NOTICE)).await;
    assert_eq!(again.unwrap().as_deref(), Some("hi"), "shown again");

    browser.clock.advance(MAX_AGE / 2);
    let line = browser.line.clone();
    let due = browser.visit(async |session| {
        let uid = session.get(UID)?;
        line.cut(true);
        Ok(uid)
    });
    assert_eq!(due.await.unwrap(), Some(7));
    assert!(browser.is_page);
    assert_eq!(browser.set_cookie(), None, "the next request does it");
    browser.line.cut(false);
    browser.uid().await;
    assert!(browser.set_cookie().is_some());
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_what_was_done_is_not_done_twice() {
    for turns in [
        vec![Turn::Works, Turn::AnswerLost],
        vec![Turn::Unreached, Turn::Works],
        vec![Turn::AnswerLost, Turn::Works],
    ] {
        let mut browser = Browser::signed_in().await;
        browser.line.next(turns.clone());
        let n = browser
            .visit(async |session| session.update("n", |n: Option<u32>| n.unwrap_or(0) + 1))
            .await;
        n.unwrap();
        assert_eq!(browser.status, StatusCode::OK, "{turns:?}");
        let n = browser.visit(async |session| session.get::<u32>("n")).await;
        assert_eq!(n.unwrap(), Some(1), "{turns:?}");
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_a_new_session_and_stays() {
    let mut browser = Browser::signed_in().await;
    let before = browser.clone();
    browser.line.next([Turn::Corrupt]);
    let is_new = browser.visit(async |session| session.is_new()).await;
    assert!(is_new.unwrap());
    let mut before = before;
    assert_eq!(before.uid().await, Some(7), "the row stays");
}
