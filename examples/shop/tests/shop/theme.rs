use axum::http::StatusCode;

use crate::browser::{PASSWORD, Shop};

#[tokio::test]
async fn a_theme_is_kept_through_the_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.open("/").await.shows(r#"<html lang="en"><head>"#);
    let fields = [("theme", "dark"), ("return_to", "/cart")];
    browser.submit("/theme", &fields).await.leads_to("/cart");
    browser.sign_in(PASSWORD).await;
    let page = browser.open("/").await;
    page.shows(r#"<html lang="en" data-theme="dark">"#);
    page.shows(r#"value="dark" aria-pressed="true""#);
    page.shows(r#"value="system" aria-pressed="false""#);
    browser
        .submit("/theme", &[("theme", "system")])
        .await
        .leads_to("/");
    browser.open("/").await.shows(r#"<html lang="en"><head>"#);
}

#[tokio::test]
async fn a_theme_that_is_none_is_refused() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.submit("/theme", &[("theme", "purple")]).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY, "That did not work");
    browser.visitor.assert_nothing_set().await;
}
