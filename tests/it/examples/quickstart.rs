//! The quickstart is the first thing that people copy: what it shows must be right. A browser without scripts visits it.

use http::StatusCode;
use session_runtime::testing::Visitor;
use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys, SessionId};

use crate::browser::{Browser, Page, serve};

#[path = "../../../examples/quickstart.rs"]
#[expect(
    dead_code,
    reason = "main and its key: the test serves the shop itself"
)]
mod program;

const NAME: &str = "__Host-quickstart";

/// A browser that has the shop open.
async fn open_shop() -> Browser {
    let key = SecretKeys::generate().expect("random bytes");
    let store = CookieStore::new(CookieStoreConfig::new(NAME, key.clone()));
    let cookies = Visitor::from(&store.expect("a good configuration"));
    let shop = program::app(key).expect("a good configuration");
    Browser::of(&serve(shop).await, cookies)
}

/// Sends a form, which is answered by the way to the shop's first page; answers that response.
async fn submit(browser: &mut Browser, path: &str, form: &str) -> Page {
    let page = browser.submit(path, form).await;
    page.leads_to("/");
    page
}

async fn id(browser: &Browser) -> SessionId {
    let record = browser.cookies.record().await.expect("no store that fails");
    assert!(!record.keys().is_empty(), "a session");
    record.id()
}

#[tokio::test]
async fn a_sign_in_is_greeted_once_under_a_new_id() {
    let mut browser = open_shop().await;
    browser.get("/").await.shows("Hello, stranger");
    submit(&mut browser, "/cart", "name=bread").await;
    let before = id(&browser).await;

    submit(&mut browser, "/sign-in", "name=Ada").await;
    assert_ne!(id(&browser).await, before);
    let page = browser.get("/").await;
    page.shows("Welcome, Ada!");
    page.shows("Hello, Ada.");
    page.shows("1 bread");
    browser.get("/").await.hides("Welcome");
    browser.get("/account").await.shows("You are Ada.");
}

#[tokio::test]
async fn a_name_is_text_and_not_markup() {
    let mut browser = open_shop().await;
    submit(&mut browser, "/sign-in", "name=%3Cb%3EAda").await;
    let page = browser.get("/").await;
    page.shows("Hello, &lt;b&gt;Ada.");
    page.hides("<b>");
}

#[tokio::test]
async fn only_who_ticks_the_box_is_remembered_when_the_browser_closes() {
    let mut browser = open_shop().await;
    for (form, max_age) in [
        ("name=Ada", None),
        ("name=Ada&remember=on", Some("Max-Age=2592000")),
        ("name=Ada", None),
    ] {
        let page = submit(&mut browser, "/sign-in", form).await;
        let mut attributes = page.set_cookie().expect("a session").split("; ");
        assert_eq!(attributes.find(|it| it.starts_with("Max-Age")), max_age);
    }
}

#[tokio::test]
async fn the_cookie_is_as_strict_as_in_production() {
    let mut browser = open_shop().await;
    let page = submit(&mut browser, "/sign-in", "name=Ada").await;
    let cookie = page.set_cookie().expect("a session");
    assert!(cookie.starts_with("__Host-quickstart="));
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.split("; ").any(|it| it == attribute), "{attribute}");
    }
}

#[tokio::test]
async fn each_click_one_after_another_counts() {
    let mut browser = open_shop().await;
    for _ in 0..10 {
        submit(&mut browser, "/cart", "name=bread").await;
    }
    submit(&mut browser, "/cart", "name=cheese").await;
    submit(&mut browser, "/cart", "name=gold").await;
    let page = browser.get("/").await;
    page.shows("10 bread");
    page.shows("1 cheese");
    page.hides("gold");
    page.shows("We don't sell that.");
}

/// What the comment at `add` says.
#[tokio::test]
async fn of_requests_with_one_cookie_the_last_answer_wins() {
    let mut browser = open_shop().await;
    submit(&mut browser, "/cart", "name=apples").await;
    let cookies = browser.cookies.clone();
    for _ in 0..10 {
        browser.cookies.clone_from(&cookies);
        submit(&mut browser, "/cart", "name=bread").await;
    }
    let page = browser.get("/").await;
    page.shows("1 apples");
    page.shows("1 bread");
}

#[tokio::test]
async fn a_sign_out_says_goodbye_and_ends_the_session() {
    let mut browser = open_shop().await;
    submit(&mut browser, "/sign-in", "name=Ada").await;
    submit(&mut browser, "/cart", "name=bread").await;
    let (mut thief, before) = (browser.clone(), id(&browser).await);

    submit(&mut browser, "/sign-out", "").await;
    assert_ne!(id(&browser).await, before);
    let page = browser.get("/").await;
    page.shows("Goodbye!");
    page.shows("Hello, stranger");
    page.hides("bread</li>");
    browser.get("/").await.hides("Goodbye");

    let page = thief.get("/account").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "the old cookie");
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_sign_in() {
    let mut browser = open_shop().await;
    let page = browser.get("/account").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    page.shows("<h1>Unauthorized</h1>");
    page.shows("href=\"/sign-in\"");
    let page = browser.get("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("action=\"/sign-in\"");
}

#[tokio::test]
async fn a_name_beyond_all_measure_is_an_error_page_and_no_sign_in() {
    let mut browser = open_shop().await;
    let form = format!("name={}", "a".repeat(5_000));
    let page = browser.submit("/sign-in", form).await;
    page.shows("<main>");
    page.shows("Back to the shop");
    browser.get("/").await.shows("Hello, stranger");
}

#[tokio::test]
async fn pages_that_only_read_set_no_cookie() {
    let mut browser = open_shop().await;
    for path in ["/", "/sign-in", "/account"] {
        assert_eq!(browser.get(path).await.set_cookie(), None, "{path}");
    }
    submit(&mut browser, "/sign-in", "name=Ada").await;
    let shown = browser.get("/").await;
    assert!(shown.set_cookie().is_some(), "the notice is used up");
    for path in ["/", "/sign-in", "/account"] {
        assert_eq!(browser.get(path).await.set_cookie(), None, "{path}");
    }
}

/// Back after a sign-out shows nothing, phones show the page at its size, and screen readers find their way.
#[tokio::test]
async fn every_page_is_fit_to_be_copied() {
    let mut browser = open_shop().await;
    for path in ["/", "/sign-in", "/account"] {
        let page = browser.get(path).await;
        let cache = page.header("cache-control").expect("a field");
        assert!(cache.contains("no-store"), "{path}: {cache}");
        for part in [
            "<html lang=\"en\">",
            "name=\"viewport\"",
            "<title>",
            "<header><nav aria-label=",
            "<main><h1>",
            // 44 px, where 24 are asked for.
            "button, input, nav a { font: inherit; padding: .5rem 1rem; min-height: 2.75rem }",
        ] {
            page.shows(part);
        }
        let inputs = page.text.matches("<input").count();
        assert_eq!(page.text.matches("<label").count(), inputs, "{path}");
    }
}
