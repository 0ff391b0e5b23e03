//! Two layers of one cookie around a handler, one of them with a store.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::header::{COOKIE, SET_COOKIE};
use http::{Request, Response};
use session_runtime::{Error, Session, SessionLayer};
use tower::{Layer, Service, ServiceExt, service_fn};

use super::server::{Browser, UID, config};

/// The response to the browser's request, whose handler is below these layers; and what its calls answered.
async fn below<S>(
    browser: &Browser,
    layers: impl FnOnce(
        tower::util::BoxCloneSyncService<Request<()>, Response<String>, Infallible>,
    ) -> S,
) -> (Response<String>, Vec<Result<(), Error>>)
where
    S: Service<Request<()>, Response = Response<String>, Error = Infallible>,
{
    let results = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&results);
    let handler = service_fn(move |_: Request<()>| {
        let told = Arc::clone(&told);
        async move {
            let session = Session::current().expect("below a layer");
            let calls = vec![
                session.load().await,
                session.get(UID).map(drop),
                session.put("n", 1),
                session.save_now().await,
                session.put("m", 1),
            ];
            *told.lock().unwrap() = calls;
            Ok::<_, Infallible>(Response::new("the page".to_owned()))
        }
    });
    let service = layers(tower::util::BoxCloneSyncService::new(handler));
    let cookie = browser.cookie.as_deref().expect("a cookie");
    let request = Request::builder().header(COOKIE, cookie).body(()).unwrap();
    let response = service.oneshot(request).await;
    let response = response.unwrap_or_else(|never| match never {});
    let results = std::mem::take(&mut *results.lock().unwrap());
    (response, results)
}

#[tokio::test]
async fn a_clone_is_the_same_layer_and_costs_no_trip() {
    let mut browser = Browser::signed_in().await;
    let layer = browser.layer.clone();
    let (response, results) = below(&browser, |handler| {
        layer.layer(layer.clone().layer(handler))
    })
    .await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(response.body(), "the page");
    assert_eq!(browser.line.trips(), 3, "a load, the exact save, the last");
    let keys = browser.visit(async |session| session.keys()).await;
    assert_eq!(keys.unwrap(), ["uid", "n", "m"]);
    assert!(layer.requests().is_empty());
}

#[tokio::test]
async fn another_layer_of_the_name_makes_every_call_an_error_that_says_so() {
    let mut browser = Browser::signed_in().await;
    let stored = browser.layer.clone();
    let cookie = SessionLayer::new(config()).unwrap();
    let cookie = cookie.with_clock(browser.clock.reader());
    let other = Browser::new().layer.clone();
    let stored_in_cookie = below(&browser, |handler| cookie.layer(stored.layer(handler))).await;
    let cookie_in_stored = below(&browser, |handler| stored.layer(cookie.layer(handler))).await;
    let stored_in_stored = below(&browser, |handler| other.layer(stored.layer(handler))).await;
    for (response, results) in [stored_in_cookie, cookie_in_stored, stored_in_stored] {
        assert_eq!(response.body(), "the page");
        assert!(!response.headers().contains_key(SET_COOKIE));
        // A session in a cookie has nothing to load.
        for (call, result) in results.iter().enumerate().skip(1) {
            let is_told =
                matches!(result, Err(Error::LayerConflict { cookie }) if cookie == "session");
            let has_no_store = call == 3 && matches!(result, Err(Error::NoStore));
            assert!(is_told || has_no_store, "{call}: {result:?}");
        }
    }
    assert!(stored.requests().is_empty() && cookie.requests().is_empty());
    assert_eq!(browser.uid().await, Some(7));
}
