//! Sessions that are loaded when they are asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::header::COOKIE;
use http::{Request, StatusCode};
use session_runtime::store::Loading;
use session_runtime::{Error, Revocation, Session, SessionLayer, StoredSessionLayer, Verdict};
use tower::ServiceExt;

use super::server::{Browser, Clock, UID, config};

fn on_extract(layer: StoredSessionLayer) -> StoredSessionLayer {
    layer.with_loading(Loading::OnExtract)
}

/// A browser with a session in a layer that loads when it is asked.
async fn signed_in() -> Browser {
    let mut browser = Browser::of(config(), on_extract);
    let put = browser.visit(async |session| {
        session.load().await?;
        session.put(UID, 7)
    });
    put.await.unwrap();
    browser
}

#[tokio::test]
async fn a_call_before_that_is_told_so() {
    let mut browser = signed_in().await;
    let calls = browser.visit(async |session| {
        let results = [
            session.get(UID).map(drop),
            session.put(UID, 8),
            session.destroy(),
            session.save_now().await,
            session.update_now("n", |_: Option<u8>| 1).await.map(drop),
        ];
        for result in results {
            assert!(matches!(result, Err(Error::NotLoaded)), "{result:?}");
        }
        session.load().await?;
        session.load().await?;
        session.get(UID)
    });
    assert_eq!(calls.await.unwrap(), Some(7));
}

#[tokio::test]
async fn a_load_that_fails_says_so_each_time() {
    let mut browser = signed_in().await;
    browser.line.cut(true);
    let loads = browser.visit(async |session| {
        for result in [session.load().await, session.load().await] {
            assert!(matches!(result, Err(Error::Unavailable)), "{result:?}");
        }
        assert!(browser_calls_fail(&session));
        assert!(matches!(session.load().await, Err(Error::Unavailable)));
        Ok(())
    });
    loads.await.unwrap();
    assert_eq!(browser.set_cookie(), None);
}

fn browser_calls_fail(session: &Session) -> bool {
    matches!(session.get(UID), Err(Error::Unavailable))
}

/// The session that a hook judges is the one that waits for it: what the hook sees is the layer around, or none.
#[tokio::test]
async fn a_hook_that_loads_the_current_session_does_not_wait_for_itself() {
    let asked = Arc::new(AtomicUsize::new(0));
    for loading in [Loading::OnExtract, Loading::Eager] {
        let asked_now = Arc::clone(&asked);
        let hook = Revocation::with_future(move |_| {
            let asked = Arc::clone(&asked_now);
            async move {
                let current = Session::current().map(|_| ());
                asked.fetch_add(usize::from(current.is_err()), Ordering::SeqCst);
                if let Ok(session) = Session::current() {
                    session.load().await?;
                }
                Ok(Verdict::Valid)
            }
        });
        let mut browser = Browser::new();
        let layer = SessionLayer::new(config()).unwrap();
        let layer = layer
            .with_clock(Clock::reader(&browser.clock))
            .with_revocation(hook);
        let layer = layer.with_store(browser.line.clone()).unwrap();
        browser.layer = layer.with_loading(loading);
        for uid in [None, Some(7)] {
            let seen = browser.visit(async |session| {
                session.load().await?;
                let seen = session.get(UID)?;
                session.put(UID, 7)?;
                Ok(seen)
            });
            assert_eq!(seen.await.unwrap(), uid, "{loading:?}");
        }
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        2,
        "once for each cookie that came"
    );
}

/// What an extractor could not load is told by the calls, as with every other layer.
#[tokio::test]
async fn an_extractor_loads_and_a_page_without_one_costs_no_trip() {
    let browser = signed_in().await;
    let layer = browser.layer.clone();
    let app = Router::new()
        .route("/file", get(async || "a file"))
        .route(
            "/uid",
            get(async |session: Session| session.require(UID).map(|uid| uid.to_string())),
        )
        .route("/extracted", get(async |_: Session| "not read"))
        .layer(layer);
    browser.line.trips();
    for (path, is_down, status, trips) in [
        ("/file", false, StatusCode::OK, 0),
        ("/uid", false, StatusCode::OK, 1),
        ("/extracted", false, StatusCode::OK, 1),
        ("/file", true, StatusCode::OK, 0),
        ("/extracted", true, StatusCode::OK, 2),
        ("/uid", true, StatusCode::SERVICE_UNAVAILABLE, 2),
    ] {
        browser.line.cut(is_down);
        let request = Request::get(path).header(COOKIE, browser.cookie.as_deref().unwrap());
        let response = app
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(browser.line.trips(), trips, "{path}");
        let is_untouched = path != "/uid";
        assert_eq!(
            response.headers().get("vary").is_none(),
            is_untouched,
            "{path}"
        );
        let error = response.extensions().get::<Arc<Error>>();
        let is_told = error.is_some_and(|error| matches!(**error, Error::Unavailable));
        assert_eq!(is_told, status != StatusCode::OK, "{path}");
    }
}
