//! What only the server and the browser together know is said once a minute, with a count and the cure, and nothing is
//! said that a proxy or a nested router made up.

use axum::Router;
use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use http::header::{HOST, HeaderName, HeaderValue, ORIGIN, REFERER};
use http::{Request, Response};
use session_runtime::{CookieStoreConfig, Result, Session};

use super::support::{Clock, Events, MAX_AGE, START, Visitor, config};

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const OTHER_KEY: &str = "7bZpTsbHzFF6BTyV2cAgcWrjrMYGmvRkzxPZyq0UXcU=";

fn request(headers: &[(HeaderName, &str)]) -> Request<()> {
    let mut request = Request::new(());
    for (name, value) in headers {
        let value = HeaderValue::try_from(*value).expect("a header");
        request.headers_mut().append(name, value);
    }
    request
}

fn put(session: &Session) -> Result<()> {
    session.put("a", 1)
}

/// What is said of a new session that a request with these headers begins.
async fn said(config: &CookieStoreConfig, headers: &[(HeaderName, &str)]) -> Vec<String> {
    let mut visitor = Visitor::of(config.clone());
    let events = Events::capture();
    visitor.send(request(headers), Response::new(()), put).await;
    assert!(visitor.answer.saves());
    events.take()
}

async fn assert_silent(config: &CookieStoreConfig, headers: &[(HeaderName, &str)]) {
    assert_eq!(said(config, headers).await, [""; 0], "{headers:?}");
}

async fn assert_said(
    config: &CookieStoreConfig,
    headers: &[(HeaderName, &str)],
    reason: &str,
    cure: &str,
) {
    let said = said(config, headers).await;
    assert_eq!(said.len(), 1, "{headers:?}: {said:?}");
    assert!(said[0].starts_with("WARN"), "{said:?}");
    for part in [reason, cure, "session", "count=1"] {
        assert!(said[0].contains(part), "{part} in {said:?}");
    }
}

#[tokio::test]
async fn a_secure_cookie_to_a_page_over_http_is_told_of() {
    let config = config();
    for headers in [
        &[(ORIGIN, "http://shop.example.org")][..],
        &[(ORIGIN, "http://192.168.1.7:8080")],
        &[(REFERER, "http://shop.example.org/cart?n=1")],
        &[
            (ORIGIN, "http://shop.example.org"),
            (REFERER, "https://shop.example.org/"),
        ],
        &[(ORIGIN, "http://shop.example.org"), (SITE, "same-origin")],
    ] {
        assert_said(&config, headers, "not_secure", "https").await;
        assert_silent(&config.clone().with_secure(false), headers).await;
    }
}

#[tokio::test]
async fn none_is_told_of_where_the_browser_takes_it() {
    for headers in [
        &[][..],
        &[(ORIGIN, "https://shop.example.org")],
        &[(ORIGIN, "http://localhost:3000")],
        &[(ORIGIN, "http://shop.localhost:3000")],
        &[(ORIGIN, "http://LOCALHOST")],
        &[(ORIGIN, "http://127.0.0.1:3000")],
        &[(ORIGIN, "http://127.8.9.1")],
        &[(ORIGIN, "http://[::1]:3000")],
        &[(REFERER, "http://localhost:3000/page")],
        &[(ORIGIN, "null")],
        &[(ORIGIN, "null"), (REFERER, "http://shop.example.org/")],
        &[(ORIGIN, "no url at all")],
        &[(REFERER, "about:blank")],
        // The page is elsewhere: it says nothing of where ours are.
        &[(ORIGIN, "http://shop.example.org"), (SITE, "cross-site")],
        &[(REFERER, "http://shop.example.org/x"), (SITE, "cross-site")],
    ] {
        assert_silent(&config(), headers).await;
    }
}

/// What a proxy that ends TLS passes on: the request itself came over http, under a name of the inner network.
#[tokio::test]
async fn behind_a_proxy_that_ends_tls_or_rewrites_the_host_none_is_told_of() {
    let config = config().with_domain("example.org");
    for host in ["10.0.0.7:8080", "backend", "shop.example.org"] {
        let headers = [(HOST, host), (ORIGIN, "https://shop.example.org")];
        assert_silent(&config, &headers).await;
        let headers = [(HOST, host), (REFERER, "https://example.org/cart")];
        assert_silent(&config, &headers).await;
    }
    let forwarded = HeaderName::from_static("x-forwarded-proto");
    let headers = [
        (HOST, "10.0.0.7"),
        (forwarded, "http"),
        (ORIGIN, "https://example.org"),
    ];
    assert_silent(&config, &headers).await;
}

#[tokio::test]
async fn a_page_outside_of_the_domain_is_told_of() {
    let config = config().with_domain("shop.example.org");
    for headers in [
        &[(ORIGIN, "https://www.example.org"), (SITE, "same-origin")][..],
        &[(ORIGIN, "https://example.org")],
        &[(ORIGIN, "https://badshop.example.org")],
        &[(REFERER, "https://example.com/")],
    ] {
        assert_said(&config, headers, "outside_domain", "domain").await;
    }
    for headers in [
        &[(ORIGIN, "https://shop.example.org")][..],
        &[(ORIGIN, "https://SHOP.example.org:8443")],
        &[(ORIGIN, "https://a.b.shop.example.org")],
        // An application on one host that calls a service on another one of the same site.
        &[(ORIGIN, "https://app.example.org"), (SITE, "same-site")],
        &[(ORIGIN, "https://elsewhere.com"), (SITE, "cross-site")],
        // Pages that are on no host.
        &[(
            ORIGIN,
            "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
        )],
        &[(ORIGIN, "capacitor://localhost")],
        &[(REFERER, "android-app://org.example.app/")],
    ] {
        assert_silent(&config, headers).await;
    }
}

#[tokio::test]
async fn a_page_outside_of_the_path_is_told_of() {
    let config = config().with_path("/app");
    for page in ["https://example.org/apple", "https://example.org/other/app"] {
        assert_said(&config, &[(REFERER, page)], "outside_path", "path").await;
    }
    for page in [
        "https://example.org/app",
        "https://example.org/app/x?q=/",
        "https://example.org/app/",
    ] {
        assert_silent(&config, &[(REFERER, page)]).await;
    }
    assert_silent(&config, &[(ORIGIN, "https://example.org")]).await;
}

/// `nest` and proxies take a prefix off before the handler sees the path; the browser's own word has it.
#[tokio::test]
async fn a_prefix_that_was_taken_off_is_no_other_path() {
    let mut visitor = Visitor::of(config().with_path("/app"));
    let inner = Router::new()
        .route("/in", get(async |session: Session| session.put("a", 1)))
        .layer(visitor.layer.clone());
    async fn browser(mut request: AxumRequest, next: Next) -> axum::response::Response {
        let page = HeaderValue::from_static("https://example.org/app/sign-in");
        request.headers_mut().insert(REFERER, page);
        next.run(request).await
    }
    let app = Router::new().nest("/app", inner).layer(from_fn(browser));
    let events = Events::capture();
    let response = visitor.page(app, "/app/in").await;
    assert!(response.status().is_success());
    assert!(visitor.answer.saves());
    assert_eq!(events.take(), [""; 0]);
}

#[tokio::test]
async fn only_a_cookie_that_is_issued_is_told_of() {
    let headers = [(ORIGIN, "http://shop.example.org")];
    let mut visitor = Visitor::new();
    visitor.visit(put).await;
    let events = Events::capture();
    let others: [fn(&Session) -> Result<()>; 4] = [
        |_| Ok(()),
        |session| session.keys().map(drop),
        |session| session.put("a", 1),
        Session::destroy,
    ];
    for calls in others {
        let mut request = visitor.request();
        request
            .headers_mut()
            .extend(self::request(&headers).headers().clone());
        visitor.send(request, Response::new(()), calls).await;
    }
    assert_eq!(events.take(), [""; 0]);
}

#[tokio::test]
async fn each_kind_is_said_once_a_minute_with_a_count() {
    let mut visitor = Visitor::of(config().with_domain("example.org"));
    let events = Events::capture();
    let mut new_session = async |headers: &[(HeaderName, &str)]| {
        visitor.cookie = None;
        visitor.send(request(headers), Response::new(()), put).await;
        visitor.clock.clone()
    };
    let http = [(ORIGIN, "http://example.org")];
    let outside = [(ORIGIN, "https://example.com")];
    let mut clock: Option<Clock> = None;
    for _ in 0..5 {
        clock = Some(new_session(&http).await);
        new_session(&outside).await;
    }
    let first = events.take();
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(
        first.iter().all(|event| event.contains("count=1")),
        "{first:?}"
    );
    let clock = clock.expect("a clock");
    clock.advance(59);
    new_session(&http).await;
    assert_eq!(events.take(), [""; 0]);
    clock.advance(1);
    new_session(&http).await;
    let again = events.take();
    assert_eq!(again.len(), 1, "{again:?}");
    assert!(again[0].contains("count=6"), "{again:?}");
}

/// Ten requests with this cookie a minute, for three minutes: one warning each time.
async fn assert_told_of_once_a_minute(
    mut visitor: Visitor,
    cookie: &str,
    reason: &str,
    cure: &str,
) {
    let events = Events::capture();
    for count in [1, 10, 10] {
        for _ in 0..10 {
            visitor.cookie = Some(cookie.to_owned());
            visitor.visit(|session| session.keys().map(drop)).await;
        }
        let all = events.take();
        let is_warning = |event: &&String| event.starts_with("WARN");
        let (warnings, others): (Vec<_>, Vec<_>) = all.iter().partition(is_warning);
        assert_eq!(warnings.len(), 1, "{reason}: {all:?}");
        for part in [reason, cure, &format!("count={count} ")] {
            assert!(warnings[0].contains(part), "{part} in {warnings:?}");
        }
        let is_quiet = |event: &&String| event.starts_with("DEBUG");
        assert!(others.iter().all(is_quiet), "{others:?}");
        let value = cookie.split_once('=').expect("a pair").1;
        assert!(all.iter().all(|event| !event.contains(value)), "{all:?}");
        visitor.clock.advance(60);
    }
}

#[tokio::test]
async fn cookies_that_are_refused_for_what_an_operator_did_are_told_of() {
    let mut signed_in = Visitor::new();
    signed_in.visit(put).await;
    let good = signed_in.cookie.clone().expect("a cookie");
    let (start, last) = good.split_at(good.len() - 1);
    let forged = format!("{start}{}", if last == "A" { "Q" } else { "A" });
    let other_key = CookieStoreConfig::new("session", OTHER_KEY);
    let other_context = config().with_context("other");
    for (config, cookie, now, reason, cure) in [
        (other_key, &good, START, "unknown_key", "behind the new one"),
        (other_context, &good, START, "bad_mac", "context"),
        (config(), &forged, START, "bad_mac", "context"),
        (config(), &good, START - 90_000, "future", "clock"),
        (config(), &good, START - 600, "ahead", "clock"),
    ] {
        let visitor = Visitor::of(config);
        visitor.clock.set(now);
        assert_told_of_once_a_minute(visitor, cookie, reason, cure).await;
    }
}

#[tokio::test]
async fn what_is_refused_for_what_a_visitor_did_is_no_warning() {
    let mut visitor = Visitor::new();
    visitor.visit(put).await;
    let expired = visitor.cookie.clone().expect("a cookie");
    visitor.clock.advance(MAX_AGE);
    let events = Events::capture();
    for cookie in [
        expired,
        "session=nonsense!".to_owned(),
        "session=".to_owned(),
    ] {
        visitor.cookie = Some(cookie);
        visitor.visit(|session| session.keys().map(drop)).await;
    }
    let events = events.take();
    assert_eq!(events.len(), 3, "{events:?}");
    assert!(
        events.iter().all(|event| event.starts_with("DEBUG")),
        "{events:?}"
    );
}
