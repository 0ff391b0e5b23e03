//! A sign-out counts once it is called, whatever becomes of its request.

use std::cell::Cell;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;

use http::header::COOKIE;
use http::{Request, Response, StatusCode};
use session_runtime::{Result, Session};
use tower::{Layer, ServiceExt, service_fn};

use super::server::{Account, Browser, UID, polled, settle};

type End = fn(&Session) -> Result<()>;

const ENDS: [(&str, End); 2] = [("destroy", Session::destroy), ("restart", Session::restart)];

fn request(browser: &Browser) -> Request<()> {
    let cookie = browser.cookie.as_deref().unwrap();
    Request::builder().header(COOKIE, cookie).body(()).unwrap()
}

/// The request through a service that ends the session and then does this instead of answering.
async fn instead<E>(
    browser: &Browser,
    end: End,
    instead: impl AsyncFn() -> Result<Response<()>, E>,
) -> Result<Response<()>, E> {
    let layer = &browser.layer;
    let service = layer.layer(service_fn(async |_: Request<()>| {
        end(&Session::current().unwrap()).unwrap();
        instead().await
    }));
    service.oneshot(request(browser)).await
}

#[tokio::test]
async fn though_the_service_fails() {
    for (name, end) in ENDS {
        let mut browser = Browser::signed_in().await;
        let failed = instead(&browser, end, async || Err("the database is away"));
        assert_eq!(failed.await.unwrap_err(), "the database is away", "{name}");
        assert_eq!(browser.uid().await, None, "{name}");
    }
}

#[tokio::test]
async fn though_the_client_leaves_in_the_middle_of_the_handler() {
    for (name, end) in ENDS {
        let mut browser = Browser::signed_in().await;
        let forever = instead(&browser, end, async || {
            loop {
                tokio::task::yield_now().await;
            }
            #[expect(unreachable_code, reason = "it says of which type the answer would be")]
            Ok::<_, Infallible>(Response::new(()))
        });
        assert!(polled(5, forever).await.is_none(), "{name}");
        settle().await;
        assert!(browser.layer.requests().is_empty());
        assert_eq!(browser.uid().await, None, "{name}");
    }
}

#[tokio::test]
async fn though_the_handler_panics() {
    use std::task::Poll;
    for (name, end) in ENDS {
        let mut browser = Browser::signed_in().await;
        let mut request = Box::pin(instead(&browser, end, async || -> Result<_, Infallible> {
            panic!("a bug of the handler")
        }));
        let caught = std::future::poll_fn(|context| {
            let poll = AssertUnwindSafe(|| request.as_mut().poll(context));
            match std::panic::catch_unwind(poll) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(_)) => Poll::Ready(false),
                Err(_) => Poll::Ready(true),
            }
        });
        assert!(caught.await, "{name}");
        drop(request);
        settle().await;
        assert_eq!(browser.uid().await, None, "{name}");
    }
}

/// Also the row that was committed under another id in this request.
#[tokio::test]
async fn though_the_client_leaves_while_it_is_stored() {
    let ada = "ada".to_owned();
    for (name, end) in ENDS {
        let mut called = 0;
        for polls in 0..40 {
            let mut browser = Browser::with_owner();
            let sign_in = browser.visit(async |session| session.put(Account::USER, ada.clone()));
            sign_in.await.unwrap();
            browser.line.yields();
            let is_called = Cell::new(false);
            let request = browser.unseen(StatusCode::OK, async |session| {
                session.renew()?;
                session.save_now().await?;
                end(&session)?;
                is_called.set(true);
                Ok(())
            });
            let is_done = polled(polls, request).await.is_some();
            settle().await;
            let sessions = browser.layer.sessions();
            let listed = sessions.list(Account::USER, &ada).await.unwrap().len();
            if is_called.get() {
                called += 1;
                assert_eq!(listed, 0, "{name} after {polls} polls");
                assert!(
                    browser
                        .visit(async |session| session.is_new())
                        .await
                        .unwrap()
                );
            }
            if is_done {
                break;
            }
        }
        assert!(
            called >= 2,
            "{name}: dropped at {called} polls after the call"
        );
    }
}

#[tokio::test]
async fn with_the_id_that_came_the_one_that_it_was_renewed_to_ends_too() {
    for (name, end) in ENDS {
        let browser = Browser::signed_in().await;
        let (mut old, mut new) = (browser.clone(), browser.clone());
        new.visit(async |session| session.renew()).await.unwrap();
        assert_eq!(new.uid().await, Some(7));
        // Its data is gone, so that a new session begins; the cookie is known all the same.
        old.visit(async |session| {
            assert!(session.is_new()?);
            end(&session)
        })
        .await
        .unwrap();
        assert_eq!(new.uid().await, None, "{name}");
    }
}

#[tokio::test]
async fn it_is_committed_at_once_by_save_now_and_may_be_saved_again() {
    let mut browser = Browser::signed_in().await;
    let mut copy = browser.clone();
    let uid = browser.visit(async |session| {
        session.destroy()?;
        session.save_now().await?;
        session.save_now().await?;
        copy.visit(async |session| session.get(UID)).await
    });
    assert_eq!(uid.await.unwrap(), None);
    assert!(browser.removes());
}
