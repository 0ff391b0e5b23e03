use axum::body::Body;
use axum::http::header::{ACCEPT, HOST, ORIGIN, SET_COOKIE};
use axum::http::{Request, StatusCode};

use crate::browser::{ADA, Browser, Shop};

#[tokio::test]
async fn a_page_that_is_not_there_knows_the_visitor() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    ada.submit("/theme", &[("theme", "dark")]).await;
    let page = ada.open("/nothing").await;
    page.is(StatusCode::NOT_FOUND, "Not found");
    page.shows(r#"data-theme="dark""#);
    page.shows(r#"href="/devices""#);
    assert_eq!(page.headers["cache-control"], "no-store, private");
}

#[tokio::test]
async fn who_asks_for_no_page_gets_none() {
    let shop = Shop::open().await;
    let request = Request::get("/nothing").header(ACCEPT, "application/json");
    let request = request.body(Body::empty()).expect("a request");
    let response = shop.browser().visitor.send(&shop.router, request).await;
    let response = response.unwrap_or_else(|never| match never {});
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.headers().get("content-type").is_none());
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    for request in [
        Request::post("/logout").header("sec-fetch-site", "cross-site"),
        Request::post("/logout").header("sec-fetch-site", "same-site"),
        Request::post("/logout")
            .header(HOST, "shop.example")
            .header(ORIGIN, "https://evil.example"),
    ] {
        let page = ada.send(request, String::new()).await;
        page.is(StatusCode::FORBIDDEN, "Not from there");
        assert_eq!(ada.uid().await, Some(ADA));
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_or_no_form_is_a_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser
        .submit("/login", &[("name", &"a".repeat(20_000))])
        .await;
    page.is(StatusCode::PAYLOAD_TOO_LARGE, "That did not work");
    let page = browser.submit("/login", &[]).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY, "That did not work");
}

#[tokio::test]
async fn a_session_that_can_t_be_judged_is_a_page_of_its_own_and_signs_nobody_out() {
    let shop = Shop::open().await;
    let ada = shop.signed_in(ADA).await;
    let mut meanwhile = Browser {
        router: shop.cut_off().await,
        ..ada.clone()
    };
    for path in ["/", "/account"] {
        let page = meanwhile.open(path).await;
        page.is(StatusCode::SERVICE_UNAVAILABLE, "In a moment");
        page.shows(r#"href="/login""#); // the page of a stranger
        assert!(page.headers.get(SET_COOKIE).is_none());
    }
    let page = meanwhile.open("/nothing").await;
    page.is(StatusCode::NOT_FOUND, "Not found");
    let page = meanwhile.submit("/logout", &[]).await;
    page.is(StatusCode::SERVICE_UNAVAILABLE, "In a moment");
    assert_eq!(ada.uid().await, Some(ADA));
}
