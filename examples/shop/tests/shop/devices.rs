use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use shop::Account;

use crate::browser::{ADA, Browser, GRACE, PASSWORD, Page, Shop};

const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/140.0.0.0 Mobile Safari/537.36";

/// Ada's two browsers, signed in.
async fn two(shop: &Shop) -> (Browser, Browser) {
    let mut ada = shop.browser();
    let mut phone = Browser {
        agent: PHONE,
        ..shop.browser()
    };
    ada.sign_in(PASSWORD).await.leads_to("/");
    phone.sign_in(PASSWORD).await.leads_to("/");
    (ada, phone)
}

/// The id behind the first button that ends a session.
fn id(page: &Page) -> String {
    let (_, rest) = page
        .text
        .split_once(r#"<button name="id" value=""#)
        .expect("a button");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn a_user_sees_her_own_devices_by_name_and_which_one_this_is() {
    let shop = Shop::open().await;
    let (mut ada, _phone) = two(&shop).await;
    let _grace = shop.signed_in(GRACE).await;
    let page = ada.open("/devices").await;
    page.is(StatusCode::OK, "Devices");
    assert_eq!(page.text.matches("<li class=\"card\">").count(), 2);
    page.shows(r#"<h2>Firefox on Linux <span class="badge">this one</span></h2>"#);
    page.shows("<h2>Chrome on Android</h2>");
}

#[tokio::test]
async fn one_device_is_signed_out_from_another_at_once() {
    let shop = Shop::open().await;
    let (mut ada, phone) = two(&shop).await;
    let id = id(&ada.open("/devices").await);
    ada.submit("/devices/end", &[("id", &id)])
        .await
        .leads_to("/devices");
    phone.visitor.assert_signed_out(Account::UID).await;
    assert_eq!(ada.uid().await, Some(ADA));
    ada.open("/devices")
        .await
        .shows(r#"role="status">It is signed out.<"#);

    ada.submit("/devices/end", &[("id", &id)])
        .await
        .leads_to("/devices");
    ada.open("/devices")
        .await
        .shows(r#"role="alert">It was signed out before.<"#);
}

#[tokio::test]
async fn nobody_ends_the_session_of_another_user() {
    let shop = Shop::open().await;
    let (mut ada, phone) = two(&shop).await;
    let mut grace = shop.signed_in(GRACE).await;
    let id = id(&ada.open("/devices").await);
    for id in [&id, "no id"] {
        grace
            .submit("/devices/end", &[("id", id)])
            .await
            .leads_to("/devices");
        grace
            .open("/devices")
            .await
            .shows("It was signed out before.");
    }
    assert_eq!(phone.uid().await, Some(ADA));
}

#[tokio::test]
async fn all_others_end_and_this_one_stays() {
    let shop = Shop::open().await;
    let (mut ada, phone) = two(&shop).await;
    ada.submit("/devices/end-others", &[])
        .await
        .leads_to("/devices");
    phone.visitor.assert_signed_out(Account::UID).await;
    ada.open("/devices").await.shows("Signed out elsewhere: 1.");
    assert_eq!(ada.uid().await, Some(ADA));
}

#[tokio::test]
async fn everywhere_is_here_too_and_a_sign_in_works_again_two_seconds_later() {
    let shop = Shop::open().await;
    let (mut ada, mut phone) = two(&shop).await;
    ada.submit("/devices/end-all", &[]).await.leads_to("/");
    ada.visitor.assert_signed_out(Account::UID).await;
    phone.visitor.assert_signed_out(Account::UID).await;
    ada.open("/").await.shows("You are signed out everywhere.");

    // Clocks of servers differ: the store refuses, and the session layer answers in the handler's place.
    let page = phone.sign_in(PASSWORD).await;
    page.is(StatusCode::SERVICE_UNAVAILABLE, "In a moment");
    assert!(page.headers.get(SET_COOKIE).is_none());
    shop.clock.advance(Duration::from_secs(2));
    phone.sign_in(PASSWORD).await.leads_to("/");
    assert_eq!(phone.uid().await, Some(ADA));
}
