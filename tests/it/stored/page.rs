//! What a response says where the session's cookie or the store is not as it should be.

use std::convert::Infallible;
use std::sync::Arc;

use http::header::{ORIGIN, REFERER};
use http::{Request, Response, StatusCode};
use session_runtime::{Error, Key, KeyInfo, Result, Session};
use std::time::Duration;
use tower::{Layer, ServiceExt, service_fn};

use super::server::{Browser, UID, config};
use super::support::Events;

/// The response to a request with these fields, whose handler puts something.
async fn put(browser: &Browser, fields: &[(http::HeaderName, &str)]) -> Response<String> {
    let layer = &browser.layer;
    let service = layer.layer(service_fn(async |_: Request<()>| {
        Session::current().unwrap().put(UID, 7).unwrap();
        Ok::<_, Infallible>(Response::new("the page".to_owned()))
    }));
    let mut request = Request::builder();
    for (name, value) in fields {
        request = request.header(name, *value);
    }
    service.oneshot(request.body(()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_cookie_that_the_browser_will_drop_or_hide_is_warned_of() {
    let places = [
        (config(), (ORIGIN, "http://shop.example"), "not_secure"),
        (
            config().with_domain("shop.example"),
            (ORIGIN, "https://other.example"),
            "outside_domain",
        ),
        (
            config().with_path("/app"),
            (REFERER, "https://shop.example/elsewhere"),
            "outside_path",
        ),
    ];
    for (config, field, reason) in places {
        let events = Events::capture();
        let browser = Browser::of(config, |layer| layer);
        for times in [1, 0] {
            let response = put(&browser, std::slice::from_ref(&field)).await;
            assert!(response.headers().contains_key("set-cookie"));
            let told = events.take();
            let warned = told.iter().filter(|event| event.contains(reason));
            assert_eq!(warned.count(), times, "{reason}: {told:?}");
        }
    }
}

#[tokio::test]
async fn a_response_that_takes_another_s_place_carries_its_error() {
    let browser = Browser::new();
    browser.line.cut(true);
    let response = put(&browser, &[]).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.body(), "");
    let error = response.extensions().get::<Arc<Error>>();
    assert!(matches!(**error.unwrap(), Error::Unavailable));
}

/// By the session it is the same page as in a calm: nothing depends on the visitor.
#[tokio::test]
async fn a_request_that_is_not_touched_gets_no_header_in_an_outage() {
    let mut browser = Browser::signed_in().await;
    browser.line.cut(true);
    browser.visit(async |_| Ok(())).await.unwrap();
    assert!(
        browser.answer.headers.is_empty(),
        "{:?}",
        browser.answer.headers
    );
    let read = browser
        .visit(async |session| Ok(session.get(UID).is_err()))
        .await;
    assert!(read.unwrap());
    assert_eq!(browser.answer.headers["cache-control"], "private");
    assert_eq!(browser.answer.headers["vary"], "Cookie");
}

/// What is left of a key in the row, as another layer reads it that does not know its time.
async fn kept(browser: &mut Browser, name: &str) -> Result<bool> {
    browser.visit(async |session| session.contains(name)).await
}

#[tokio::test]
async fn a_key_that_ends_during_the_request_is_swept_by_its_save() {
    const CODE: Key<u32> = Key::with_info(KeyInfo::new("code").with_ttl(Duration::from_secs(60)));
    for saves_now in [false, true] {
        let mut browser = Browser::signed_in().await;
        browser
            .visit(async |session| session.put(CODE, 1))
            .await
            .unwrap();
        let before = browser.line.written();
        let clock = browser.clock.clone();
        let done = browser.visit(async |session| {
            session.get(CODE)?;
            clock.advance(60);
            session.put("a", 1)?;
            if saves_now {
                session.save_now().await?;
                session.put("a", 2)?;
            }
            Ok(())
        });
        done.await.unwrap();
        assert!(browser.line.written() < before, "saves now: {saves_now}");
        assert!(!kept(&mut browser, "code").await.unwrap());
        assert!(kept(&mut browser, "a").await.unwrap());
    }
}

/// Parallel requests may make it twice as large; what would come on top of that is refused.
#[tokio::test]
async fn a_session_never_grows_beyond_twice_its_limit() {
    const CODE: Key<u32> = Key::new("code");
    let value = || "x".repeat(900);
    let mut one = Browser::of(config(), |layer| layer.with_max_record(1_000));
    one.visit(async |session| session.put(CODE, 1))
        .await
        .unwrap();
    let (mut two, mut three) = (one.clone(), one.clone());
    let taken = one.visit(async |session| {
        session.put("a", value())?;
        let both = two.visit(async |session| {
            session.put("b", value())?;
            three.visit(async |session| session.put("c", value())).await
        });
        both.await?;
        session.take_now(CODE).await
    });
    assert_eq!(taken.await.unwrap(), Some(1));
    assert_eq!(one.status, StatusCode::INTERNAL_SERVER_ERROR);
    let keys = one.visit(async |session| session.keys()).await.unwrap();
    assert_eq!(keys, ["c", "b"]);
}
