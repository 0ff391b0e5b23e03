use std::pin::pin;
use std::sync::mpsc;
use std::time::Duration;

use axum::http::{Request, StatusCode};
use futures_util::future::{Either, select};
use shop::{Account, Cart, Theme, Visit};
use tokio::runtime;
use tokio::task::spawn_blocking;

use crate::browser::{ADA, GRACE, PASSWORD, Shop};

#[tokio::test]
async fn sign_in_leads_to_the_page_that_was_wanted_under_a_new_id() {
    let shop = Shop::open().await;
    let mut ada = shop.browser();
    ada.submit("/cart/add", &[("id", "tea")]).await;
    let before = ada.id().await;

    ada.open("/account")
        .await
        .leads_to("/login?return_to=%2Faccount");
    let page = ada.open("/login?return_to=%2Faccount").await;
    page.is(StatusCode::OK, "Sign in");
    page.shows(r#"<input type="hidden" name="return_to" value="/account">"#);

    let fields = [
        ("name", "ada"),
        ("password", PASSWORD),
        ("return_to", "/account"),
    ];
    ada.submit("/login", &fields).await.leads_to("/account");
    assert_ne!(
        ada.id().await,
        before,
        "who planted the old id is not signed in"
    );
    let page = ada.open("/account").await;
    page.is(StatusCode::OK, "Account");
    page.shows("<strong>ada</strong>");
    // What she had put into the cart as a stranger is still there.
    let counts = ada.record().await.get(Cart::COUNTS).expect("counts");
    assert_eq!(counts, Some([("tea".to_owned(), 1)].into()));
    ada.open("/login?return_to=/devices")
        .await
        .leads_to("/devices");
}

#[tokio::test]
async fn a_page_with_a_query_is_found_again() {
    let shop = Shop::open().await;
    let page = shop.browser().open("/devices?a=1&b=%26").await;
    page.leads_to("/login?return_to=%2Fdevices%3Fa%3D1%26b%3D%2526");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for name in ["ada", "bob"] {
        let fields = [
            ("name", name),
            ("password", "wrong"),
            ("remember", "on"),
            ("return_to", "/cart"),
        ];
        let page = browser.submit("/login", &fields).await;
        page.is(StatusCode::UNPROCESSABLE_ENTITY, "Sign in");
        page.shows(r#"id="password-error" role="alert">Name or password is wrong.<"#);
        page.shows(r#"aria-invalid="true" aria-describedby="password-error""#);
        // What was filled in is still there, but for the password.
        page.shows(&format!(r#"value="{name}""#));
        page.shows(r#"type="checkbox" checked"#);
        page.shows(r#"value="/cart""#);
        page.hides("wrong\"");
        browser.visitor.assert_nothing_set().await;
    }
}

#[tokio::test]
async fn no_form_leads_to_another_site() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for wanted in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "",
    ] {
        let fields = [
            ("name", "ada"),
            ("password", PASSWORD),
            ("return_to", wanted),
        ];
        browser.submit("/login", &fields).await.leads_to("/");
        let fields = [("password", PASSWORD), ("return_to", wanted)];
        browser.submit("/confirm", &fields).await.leads_to("/");
        for (path, field) in [
            ("/theme", ("theme", "dark")),
            ("/cart/add", ("id", "tea")),
            ("/cart/remove", ("id", "tea")),
        ] {
            let page = browser.submit(path, &[field, ("return_to", wanted)]).await;
            page.leads_to("/");
        }
        let query = form_urlencoded::byte_serialize(wanted.as_bytes()).collect::<String>();
        browser
            .open(&format!("/login?return_to={query}"))
            .await
            .leads_to("/");
    }
}

#[tokio::test]
async fn who_is_remembered_stays_signed_in_for_a_month_without_a_visit() {
    let shop = Shop::open().await;
    let mut ada = shop.browser();
    let fields = [("name", "ada"), ("password", PASSWORD), ("remember", "on")];
    let page = ada.submit("/login", &fields).await;
    assert!(
        page.cookie().contains("Max-Age=2592000"),
        "{}",
        page.cookie()
    );
    shop.clock.advance(Duration::from_secs(29 * 86_400));
    ada.open("/account").await.is(StatusCode::OK, "Account");
}

#[tokio::test]
async fn who_is_not_remembered_is_signed_out_with_the_browser_or_after_two_hours() {
    let shop = Shop::open().await;
    let mut ada = shop.browser();
    let page = ada.sign_in(PASSWORD).await;
    assert!(!page.cookie().contains("Max-Age"), "{}", page.cookie());
    assert!(!page.cookie().contains("Expires"), "{}", page.cookie());
    assert_eq!(ada.uid().await, Some(ADA));
    shop.clock.advance(Duration::from_secs(2 * 3_600));
    assert_eq!(ada.uid().await, None);
}

#[tokio::test]
async fn sign_out_leaves_the_theme_alone_and_a_copy_of_the_cookie_is_worth_nothing() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    ada.submit("/theme", &[("theme", "dark")]).await;
    ada.submit("/cart/add", &[("id", "tea")]).await;
    let (before, mut thief) = (ada.id().await, ada.clone());

    ada.submit("/logout", &[]).await.leads_to("/");
    assert_ne!(ada.id().await, before, "the session has ended");
    ada.visitor.assert_signed_out(Account::UID).await;
    let record = ada.record().await;
    assert_eq!(
        record.get(Visit::THEME).expect("a theme"),
        Some(Theme::Dark)
    );
    assert_eq!(record.get(Cart::COUNTS).expect("counts"), None);
    ada.open("/").await.shows("You are signed out. Goodbye!");
    thief
        .open("/account")
        .await
        .leads_to("/login?return_to=%2Faccount");
}

#[tokio::test]
async fn another_user_of_the_browser_finds_nothing_of_the_one_before() {
    let shop = Shop::open().await;
    let mut browser = shop.signed_in(ADA).await;
    browser.submit("/cart/add", &[("id", "tea")]).await;
    browser.confirm().await;
    let fields = [("name", "grace"), ("password", "battery staple")];
    browser.submit("/login", &fields).await.leads_to("/");
    let record = browser.record().await;
    assert_eq!(record.get(Account::UID).expect("a number"), Some(GRACE));
    assert_eq!(record.get(Account::CONFIRMED).expect("a flag"), None);
    assert_eq!(record.get(Cart::COUNTS).expect("counts"), None);
}

#[tokio::test]
async fn a_link_signs_nobody_out() {
    let shop = Shop::open().await;
    let mut ada = shop.signed_in(ADA).await;
    let page = ada.open("/logout").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.headers["allow"], "POST");
    assert_eq!(ada.uid().await, Some(ADA));
}

#[tokio::test]
async fn cookies_that_are_over_foreign_or_forged_sign_nobody_in() {
    let shop = Shop::open().await;
    let ada = shop.signed_in(ADA).await;
    for visitor in [
        ada.visitor.clone().expired(),
        ada.visitor.clone().foreign(),
        ada.visitor.clone().forged(),
    ] {
        let mut browser = crate::browser::Browser {
            visitor,
            ..ada.clone()
        };
        let page = browser.send(Request::get("/account"), String::new()).await;
        page.leads_to("/login?return_to=%2Faccount");
    }
}

/// The runtime has one thread, and its one thread for slow work is taken.
#[test]
fn passwords_are_checked_on_threads_for_slow_work() {
    let mut runtime = runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build();
    runtime.expect("a runtime").block_on(async {
        let shop = Shop::open().await;
        let (release, released) = mpsc::channel();
        let taken = spawn_blocking(move || released.recv());
        let (mut ada, mut other) = (shop.browser(), shop.signed_in(GRACE).await);
        let mut sign_in = pin!(ada.sign_in(PASSWORD));
        for _ in 0..10 {
            // Others are served meanwhile.
            match select(sign_in, pin!(other.open("/"))).await {
                Either::Right((page, waiting)) => {
                    page.is(StatusCode::OK, "Goods");
                    sign_in = waiting;
                }
                Either::Left(_) => panic!("signed in without the thread"),
            }
        }
        release.send(()).expect("it waits");
        taken.await.expect("no panic").expect("a value");
        sign_in.await.leads_to("/");
    });
}
