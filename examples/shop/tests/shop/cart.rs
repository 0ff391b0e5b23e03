use axum::http::StatusCode;
use futures_util::future::join_all;
use shop::{Cart, Counts};

use crate::browser::{ADA, Browser, Shop};

async fn counts(browser: &Browser) -> Counts {
    let counts = browser.record().await.get(Cart::COUNTS);
    counts.expect("counts").unwrap_or_default()
}

async fn add(browser: &mut Browser, id: &str, count: usize) {
    for _ in 0..count {
        browser
            .submit("/cart/add", &[("id", id)])
            .await
            .leads_to("/");
    }
}

#[tokio::test]
async fn goods_come_in_and_go_out() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.open("/cart").await.shows("Nothing is in it yet.");
    add(&mut browser, "tea", 2).await;
    let page = browser
        .submit("/cart/add", &[("id", "honey"), ("return_to", "/cart")])
        .await;
    page.leads_to("/cart");
    let page = browser.open("/cart").await;
    page.is(StatusCode::OK, "Cart");
    page.shows(r#"<span class="count">3<"#);
    page.shows(r#"role="status">In your cart now: Honey.<"#);
    page.shows("€ 18.30");
    browser.open("/cart").await.hides("In your cart now"); // shown once

    for _ in 0..3 {
        browser
            .submit("/cart/remove", &[("id", "tea")])
            .await
            .leads_to("/");
    }
    assert_eq!(counts(&browser).await, [("honey".to_owned(), 1)].into());
}

#[tokio::test]
async fn several_messages_wait_for_the_next_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    add(&mut browser, "tea", 1).await;
    add(&mut browser, "honey", 1).await;
    let page = browser.open("/").await;
    page.shows("In your cart now: Tea.");
    page.shows("In your cart now: Honey.");
}

#[tokio::test]
async fn what_is_not_sold_is_not_found() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.submit("/cart/add", &[("id", "cars")]).await;
    page.is(StatusCode::NOT_FOUND, "Not found");
    browser.visitor.assert_nothing_set().await;
}

#[tokio::test]
async fn clicks_in_many_tabs_at_once_are_all_counted() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    add(&mut browser, "tea", 1).await;
    let clicks = (0..8).map(|_| {
        let mut tab = browser.clone();
        async move { add(&mut tab, "tea", 1).await }
    });
    join_all(clicks).await;
    assert_eq!(counts(&browser).await["tea"], 9);
}

#[tokio::test]
async fn a_count_has_an_end() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    add(&mut browser, "tea", 21).await;
    assert_eq!(counts(&browser).await["tea"], 20);
}

#[tokio::test]
async fn of_two_clicks_on_order_one_orders() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    add(&mut ada, "tea", 2).await;
    let clicks = (0..2).map(|_| {
        let mut tab = ada.clone();
        async move { tab.submit("/checkout", &[]).await.headers["location"].clone() }
    });
    let mut led = join_all(clicks).await;
    led.sort();
    assert_eq!(led, ["/", "/cart"]);
    let page = ada.open("/").await;
    page.shows(r#"data-left="tea">10 left<"#);
    page.shows(r#"role="status">Thank you!"#);
    assert_eq!(counts(&ada).await, Counts::new());
}

#[tokio::test]
async fn more_than_is_left_is_not_ordered_and_stays_in_the_cart() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    add(&mut ada, "tea", 13).await;
    add(&mut ada, "bread", 1).await;
    ada.submit("/checkout", &[]).await.leads_to("/cart");
    ada.open("/cart")
        .await
        .shows(r#"role="alert">There is too little left of: Tea.<"#);
    assert_eq!(counts(&ada).await["tea"], 13);
    ada.open("/").await.shows(r#"data-left="bread">12 left<"#);
}

#[tokio::test]
async fn a_stranger_is_led_through_the_sign_in_back_to_the_cart() {
    let shop = Shop::open().await;
    let mut stranger = shop.browser();
    add(&mut stranger, "tea", 1).await;
    let page = stranger.open("/cart").await;
    page.shows(r#"href="/login?return_to=/cart">Sign in to order<"#);
    page.hides("/checkout");
}

#[tokio::test]
async fn who_looks_at_no_page_fills_a_cart_all_the_same() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    add(&mut browser, "tea", 60).await;
    let page = browser.open("/").await;
    assert_eq!(page.text.matches("In your cart now: Tea.").count(), 5);
}

#[tokio::test]
async fn what_is_not_sold_any_more_is_in_no_cart_and_no_order() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    let old: Counts = [("cars".to_owned(), 1), ("tea".to_owned(), 1)].into();
    let put = ada
        .visitor
        .visit(async |session| session.put(Cart::COUNTS, old));
    put.await.expect("a store that takes it");
    let page = ada.open("/cart").await;
    page.shows(r#"<span class="count">1<"#);
    page.hides("cars");
    ada.submit("/checkout", &[]).await.leads_to("/");
    let page = ada.open("/").await;
    page.shows(r#"data-left="tea">11 left<"#);
    page.shows(r#"<span class="count">0<"#);
}
