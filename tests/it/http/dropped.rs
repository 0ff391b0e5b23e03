//! A request can be dropped at any of its polls, and panic in any user code: nothing stays behind, and no other request
//! is worse off for it.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::{Request, Response};
use session_runtime::{Lifetime, Record, Result, Revocation, RevocationList, Session, Verdict};
use tower::{Layer, Service, service_fn};

use super::support::{START, Visitor, time};

type Call = fn(&Session) -> Result<()>;

/// One a poll: each of the calls that ends, begins or changes a session.
const CALLS: [Call; 8] = [
    |session| session.keys().map(drop),
    |session| session.put("n", 1),
    Session::renew,
    |session| session.set_lifetime(Lifetime::For(Duration::from_secs(10))),
    Session::clear,
    Session::restart,
    |session| session.put("n", 2),
    Session::destroy,
];

async fn handler(_: Request<()>) -> std::result::Result<Response<()>, Infallible> {
    for call in CALLS {
        call(&Session::current().expect("below the layer")).expect("a call that succeeds");
        tokio::task::yield_now().await;
    }
    Ok(Response::new(()))
}

fn awaited(polls: usize) -> Revocation {
    Revocation::with_future(move |_: Record| async move {
        for _ in 0..polls {
            tokio::task::yield_now().await;
        }
        Ok(Verdict::Valid)
    })
}

fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn a_request_that_is_dropped_at_any_poll_leaves_nothing_behind() {
    for hook in [None, Some(awaited(3))] {
        let last = CALLS.len() + if hook.is_some() { 3 } else { 0 };
        for polls in 0..=last {
            let mut visitor = Visitor::new();
            visitor.visit(|session| session.put("uid", 7)).await;
            let plain = visitor.layer.clone();
            if let Some(hook) = hook.clone() {
                visitor = visitor.with_layer(|layer| layer.with_revocation(hook));
            }
            {
                let mut service = visitor.layer.layer(service_fn(handler));
                let mut response = pin!(service.call(visitor.request()));
                for poll in 0..polls {
                    assert!(poll_once(response.as_mut()).is_pending(), "{poll}");
                    assert!(Session::current().is_err(), "between polls");
                }
            }
            assert!(visitor.layer.requests().is_empty(), "{polls}");
            assert!(Session::current().is_err(), "{polls}");
            // A sign-out was asked for once its call was made, and stays one.
            let is_signed_out = polls + CALLS.len() > last + 5;
            visitor.layer = plain;
            let mut later = visitor.clone();
            let uid: Option<i64> = later.visit(|session| session.get("uid")).await;
            assert_eq!(uid.is_none(), is_signed_out, "{polls}");
        }
    }
}

/// The user's clock is asked at the first call, by calls that begin a session, at the response head and for warnings.
#[tokio::test]
async fn a_clock_that_panics_at_any_time_it_is_asked_leaves_nothing_behind() {
    let mut was_quiet = false;
    for bad in 0..20 {
        let mut visitor = Visitor::new();
        visitor.visit(|session| session.put("uid", 7)).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        visitor = visitor.with_layer(|layer| {
            layer.with_clock(move || {
                let number = count.fetch_add(1, Ordering::SeqCst);
                assert!(number != bad, "the clock has a defect");
                time(START - 100)
            })
        });
        let response = catch_unwind(AssertUnwindSafe(|| {
            let mut service = visitor.layer.layer(service_fn(handler));
            let mut response = pin!(service.call(visitor.request()));
            loop {
                if let Poll::Ready(answer) = poll_once(response.as_mut()) {
                    break answer;
                }
            }
        }));
        was_quiet |= response.is_ok();
        assert!(visitor.layer.requests().is_empty(), "{bad}");
        assert!(Session::current().is_err(), "{bad}");
    }
    assert!(was_quiet, "it is asked fewer than 20 times");
}

#[tokio::test]
async fn a_clock_that_uses_the_session_itself_locks_nothing() {
    let is_asking = Arc::new(AtomicBool::new(false));
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    visitor = visitor.with_layer(|layer| {
        layer.with_clock(move || {
            if !is_asking.swap(true, Ordering::SeqCst) {
                if let Ok(session) = Session::current() {
                    let _whatever = session.keys();
                    let _whatever = session.put("by the clock", 1);
                }
                is_asking.store(false, Ordering::SeqCst);
            }
            time(START - 100)
        })
    });
    visitor
        .visit(|session| {
            session.keys()?;
            session.renew()?;
            session.restart()?;
            session.put("n", 1)
        })
        .await;
    assert!(visitor.answer.saves());
    assert!(visitor.layer.requests().is_empty());
}

#[tokio::test]
async fn a_hook_that_uses_the_session_around_it_reaches_that_one() {
    let mut visitor = Visitor::new();
    let outer = session_runtime::SessionLayer::new(super::support::config().with_name("outer"))
        .expect("a good configuration");
    visitor.visit(|session| session.put("uid", 7)).await;
    let hook = Revocation::new(|_| {
        let session = Session::current()?;
        session.put("seen", 1)?;
        session.set_lifetime(Lifetime::Browser(Duration::from_secs(10)))?;
        assert!(
            Session::named("session").is_err(),
            "it waits for the verdict"
        );
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Verdict::Valid)
    });
    let mut visitor = visitor.with_layer(|layer| layer.with_revocation(hook));
    let app = axum::Router::new()
        .route(
            "/",
            axum::routing::get(async |session: Session| session.put("n", 1)),
        )
        .layer(visitor.layer.clone())
        .layer(outer.with_clock(visitor.clock.reader()));
    let response = visitor.page(app, "/").await;
    assert!(response.status().is_success(), "{}", response.status());
    assert_eq!(visitor.answer.all("set-cookie").len(), 2);
}

/// A list that is asked under a lock of the user's own, by a hook that panics, goes on.
#[tokio::test]
async fn a_panic_in_an_update_of_the_owner_renews_nothing() {
    let list = RevocationList::default();
    let mut visitor = Visitor::new().with_layer(|layer| layer.with_revocation(list));
    const OWNER: session_runtime::Key<i64> =
        session_runtime::Key::with_info(session_runtime::KeyInfo::new("uid").owner());
    visitor.visit(|session| session.put(OWNER, 7)).await;
    let before = visitor.record().id();
    visitor
        .visit(|session| {
            let update = AssertUnwindSafe(|| session.update(OWNER, |_| panic!("a defect")));
            assert!(catch_unwind(update).is_err());
            assert_eq!(session.id()?, before);
            session.put("n", 1)
        })
        .await;
    assert_eq!(visitor.record().id(), before);
    assert!(visitor.answer.saves());
}
