//! What every page has, and what files have not.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{Request, StatusCode};

use crate::browser::{ADA, Shop};

#[tokio::test]
async fn every_page_has_one_heading_its_landmarks_and_is_kept_by_no_cache() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    ada.confirm().await;
    let mut stranger = shop.browser();
    for path in [
        "/",
        "/cart",
        "/account",
        "/account/password",
        "/confirm",
        "/devices",
        "/login",
        "/nothing",
    ] {
        let browser = if path == "/login" {
            &mut stranger
        } else {
            &mut ada
        };
        let page = browser.open(path).await;
        for once in [
            "<h1>",
            "<main ",
            "<nav ",
            "<header ",
            "<footer ",
            "lang=\"en\"",
            "href=\"#content\"",
            "<title>",
        ] {
            assert_eq!(page.text.matches(once).count(), 1, "{once} in {path}");
        }
        assert_eq!(page.headers[CACHE_CONTROL], "no-store, private", "{path}");
        let policy = page.headers[CONTENT_SECURITY_POLICY].to_str();
        assert!(
            policy.expect("text").starts_with("default-src 'none';"),
            "{path}"
        );
        page.hides("//"); // nothing from elsewhere
        page.hides("style=");
    }
}

#[tokio::test]
async fn the_page_that_is_shown_is_marked_in_the_navigation() {
    let shop = Shop::open().await;
    let page = shop.browser().open("/cart?x").await;
    page.shows(r#"<a href="/cart" aria-current="page">"#);
    assert_eq!(page.text.matches("aria-current").count(), 1);
}

#[tokio::test]
async fn files_are_for_every_cache_and_ask_no_session() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    let before = shop.layer.sessions().stats();
    for (path, kind) in [
        ("/style.css", "text/css; charset=utf-8"),
        ("/live.js", "text/javascript; charset=utf-8"),
    ] {
        let request = Request::get(path).header("cookie", ada.visitor.cookie());
        let page = shop.browser().send(request, String::new()).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.headers["content-type"], kind);
        assert_eq!(page.headers[CACHE_CONTROL], "public, max-age=300");
        assert!(page.headers.get("vary").is_none());
    }
    assert_eq!(
        format!("{:?}", shop.layer.sessions().stats()),
        format!("{before:?}")
    );
    ada.open("/").await;
    assert_ne!(
        format!("{:?}", shop.layer.sessions().stats()),
        format!("{before:?}")
    );
}

#[tokio::test]
async fn strangers_who_only_look_fill_no_store() {
    let shop = Shop::open().await;
    let mut stranger = shop.browser();
    for path in ["/", "/cart", "/login", "/events", "/nothing"] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = stranger.visitor.send(&shop.router, request).await;
        drop(response);
        stranger.visitor.assert_nothing_set().await;
    }
}

#[cfg(feature = "dev")]
#[tokio::test]
async fn the_development_page_is_for_this_machine() {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use axum::http::header::HOST;

    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    let ask = |peer: &str| {
        let peer: SocketAddr = peer.parse().expect("an address");
        Request::get("/dev")
            .header(HOST, "localhost:3000")
            .extension(ConnectInfo(peer))
    };
    let page = ada.send(ask("127.0.0.1:40000"), String::new()).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("__Host-shop");
    page.shows("uid");
    let page = ada.send(ask("192.0.2.1:40000"), String::new()).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.shows("open it where the application runs"); // its own words, no page of ours
}
