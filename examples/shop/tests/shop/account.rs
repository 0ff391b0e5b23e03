use std::time::Duration;

use axum::http::StatusCode;
use shop::Account;

use crate::browser::{ADA, Browser, PASSWORD, Shop};

const NEW: [(&str, &str); 2] = [
    ("password", "a new one of mine"),
    ("again", "a new one of mine"),
];
const FORM: &str = "/account/password";
const CONFIRM: &str = "/confirm?return_to=%2Faccount%2Fpassword";

#[tokio::test]
async fn the_password_is_asked_again_and_again_after_five_minutes() {
    let shop = Shop::open().await;
    let mut ada = shop.browser();
    ada.sign_in(PASSWORD).await; // does not count: it may have been long ago
    ada.open(FORM).await.leads_to(CONFIRM);
    let page = ada.open(CONFIRM).await;
    page.is(StatusCode::OK, "Is it you?");
    let before = ada.id().await;
    let fields = [("password", PASSWORD), ("return_to", FORM)];
    ada.submit("/confirm", &fields).await.leads_to(FORM);
    assert_ne!(ada.id().await, before, "who may do more has a new id");

    shop.clock.advance(Duration::from_secs(5 * 60 - 1));
    ada.open(FORM)
        .await
        .is(StatusCode::OK, "Change the password");
    shop.clock.advance(Duration::from_secs(1));
    ada.open(FORM).await.leads_to(CONFIRM);
    ada.open("/account").await.is(StatusCode::OK, "Account");
}

#[tokio::test]
async fn a_wrong_password_confirms_nothing() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    let fields = [("password", "battery staple"), ("return_to", FORM)];
    let page = ada.submit("/confirm", &fields).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY, "Is it you?");
    page.shows(r#"aria-describedby="password-error""#);
    page.shows(r#"name="return_to" value="/account/password""#);
    ada.visitor.assert_nothing_set().await;
    ada.open(FORM).await.leads_to(CONFIRM);
}

#[tokio::test]
async fn a_form_that_comes_too_late_changes_nothing() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    ada.submit(FORM, &NEW).await.leads_to(CONFIRM);
    ada.open(CONFIRM)
        .await
        .shows(r#"role="alert">That took a while"#);
    shop.browser().sign_in(PASSWORD).await.leads_to("/");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_gives_this_one_a_new_id() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    let mut phone = shop.signed_in(ADA).await;
    let grace = shop.signed_in(crate::browser::GRACE).await;
    ada.confirm().await;
    let before = ada.id().await;
    let mut thief = ada.clone();

    ada.submit(FORM, &NEW).await.leads_to("/account");
    assert_ne!(ada.id().await, before);
    ada.open("/account").await.shows("Signed out elsewhere: 1.");
    phone
        .open("/account")
        .await
        .leads_to("/login?return_to=%2Faccount");
    thief
        .open("/account")
        .await
        .leads_to("/login?return_to=%2Faccount");
    assert!(grace.uid().await.is_some(), "another user's");
    ada.open(FORM).await.leads_to(CONFIRM);

    shop.clock.advance(Duration::from_secs(2));
    let page = phone.sign_in(PASSWORD).await;
    page.is(StatusCode::UNPROCESSABLE_ENTITY, "Sign in");
    phone.sign_in(NEW[0].1).await.leads_to("/");
}

#[tokio::test]
async fn a_password_that_can_t_be_taken_is_told_at_its_field() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    ada.confirm().await;
    for (password, again, described) in [
        (
            "curt",
            "curt",
            r#"aria-describedby="password-hint password-error""#,
        ),
        (
            "long enough",
            "long enouhg",
            r#"aria-describedby="again-error""#,
        ),
    ] {
        let page = ada
            .submit(FORM, &[("password", password), ("again", again)])
            .await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY, "Change the password");
        page.shows(described);
        page.hides(password);
    }
    shop.browser().sign_in(PASSWORD).await.leads_to("/");
}

#[tokio::test]
async fn strangers_see_nothing_of_it() {
    let shop = Shop::open().await;
    let mut stranger: Browser = shop.browser();
    for path in ["/account", FORM, "/confirm", "/devices"] {
        let query: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let page = stranger.open(path).await;
        page.leads_to(&format!("/login?return_to={query}"));
        stranger.visitor.assert_nothing_set().await; // a robot fills no store
    }
    for path in [
        FORM,
        "/confirm",
        "/checkout",
        "/devices/end",
        "/devices/end-others",
        "/devices/end-all",
    ] {
        let page = stranger.submit(path, &NEW).await;
        page.is(StatusCode::UNAUTHORIZED, "Please sign in");
    }
}

#[tokio::test]
async fn who_was_deleted_meanwhile_is_signed_out() {
    let shop = Shop::open().await;
    for path in ["/account", "/devices", "/account/password"] {
        let mut nobody = shop.signed_in(99).await;
        nobody
            .visitor
            .visit(async |session| session.put(Account::CONFIRMED, true))
            .await
            .expect("a store");
        let page = nobody.open(path).await;
        page.is(StatusCode::UNAUTHORIZED, "Please sign in");
        nobody.visitor.assert_signed_out(Account::UID).await;
        nobody.open("/login").await.is(StatusCode::OK, "Sign in");
    }
}
