//! The quickstart is the first thing that people copy: what it shows must be right. A browser without scripts visits it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use session_runtime::testing::Visitor;
use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys, SessionId};

#[path = "../../../examples/quickstart.rs"]
#[expect(
    dead_code,
    reason = "main and its key: the test serves the shop itself"
)]
mod program;

const NAME: &str = "__Host-quickstart";

/// A browser that has the shop open.
#[derive(Clone)]
struct Browser {
    shop: Router,
    visitor: Visitor,
}

struct Page {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Browser {
    fn new() -> Self {
        let key = SecretKeys::generate().expect("random bytes");
        let store = CookieStore::new(CookieStoreConfig::new(NAME, key.clone()));
        Self {
            shop: program::app(key).expect("a good configuration"),
            visitor: Visitor::from(&store.expect("a good configuration")),
        }
    }

    async fn open(&mut self, path: &str) -> Page {
        let request = Request::get(path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// Sends a form, which is answered by the way to the shop's first page; answers that response.
    async fn submit(&mut self, path: &str, form: &'static str) -> Page {
        let page = self.post(path, form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.headers[LOCATION], "/");
        page
    }

    async fn post(&mut self, path: &str, form: &'static str) -> Page {
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form));
        self.send(request.expect("a request")).await
    }

    async fn send(&mut self, request: Request<Body>) -> Page {
        let response = self.visitor.send(&self.shop, request).await;
        let (head, body) = response.unwrap_or_else(|never| match never {}).into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Page {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(body.to_vec()).expect("text"),
        }
    }

    async fn id(&self) -> SessionId {
        let record = self.visitor.record().await.expect("no store that fails");
        assert!(!record.keys().is_empty(), "a session");
        record.id()
    }
}

impl Page {
    fn set_cookie(&self) -> Option<&str> {
        let cookie = self.headers.get(SET_COOKIE)?;
        Some(cookie.to_str().expect("cookies are ASCII"))
    }

    fn shows(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

#[tokio::test]
async fn a_sign_in_is_greeted_once_under_a_new_id() {
    let mut browser = Browser::new();
    assert!(browser.open("/").await.shows("Hello, stranger"));
    browser.submit("/cart", "name=bread").await;
    let before = browser.id().await;

    browser.submit("/sign-in", "name=Ada").await;
    assert_ne!(browser.id().await, before);
    let page = browser.open("/").await;
    assert!(page.shows("Welcome, Ada!") && page.shows("Hello, Ada."));
    assert!(page.shows("1 bread"), "the cart stays");
    assert!(!browser.open("/").await.shows("Welcome"));
    assert!(browser.open("/account").await.shows("You are Ada."));
}

#[tokio::test]
async fn a_name_is_text_and_not_markup() {
    let mut browser = Browser::new();
    browser.submit("/sign-in", "name=%3Cb%3EAda").await;
    let page = browser.open("/").await;
    assert!(page.shows("Hello, &lt;b&gt;Ada.") && !page.shows("<b>"));
}

#[tokio::test]
async fn only_who_ticks_the_box_is_remembered_when_the_browser_closes() {
    let mut browser = Browser::new();
    for (form, max_age) in [
        ("name=Ada", None),
        ("name=Ada&remember=on", Some("Max-Age=2592000")),
        ("name=Ada", None),
    ] {
        let page = browser.submit("/sign-in", form).await;
        let mut attributes = page.set_cookie().expect("a session").split("; ");
        assert_eq!(attributes.find(|it| it.starts_with("Max-Age")), max_age);
    }
}

#[tokio::test]
async fn the_cookie_is_as_strict_as_in_production() {
    let mut browser = Browser::new();
    let page = browser.submit("/sign-in", "name=Ada").await;
    let cookie = page.set_cookie().expect("a session");
    assert!(cookie.starts_with("__Host-quickstart="));
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.split("; ").any(|it| it == attribute), "{attribute}");
    }
}

#[tokio::test]
async fn each_click_one_after_another_counts() {
    let mut browser = Browser::new();
    for _ in 0..10 {
        browser.submit("/cart", "name=bread").await;
    }
    browser.submit("/cart", "name=cheese").await;
    browser.submit("/cart", "name=gold").await;
    let page = browser.open("/").await;
    assert!(page.shows("10 bread") && page.shows("1 cheese") && !page.shows("gold"));
    assert!(page.shows("We don't sell that."));
}

/// What the comment at `add` says.
#[tokio::test]
async fn of_requests_with_one_cookie_the_last_answer_wins() {
    let mut browser = Browser::new();
    browser.submit("/cart", "name=apples").await;
    let visitor = browser.visitor.clone();
    for _ in 0..10 {
        browser.visitor.clone_from(&visitor);
        browser.submit("/cart", "name=bread").await;
    }
    let page = browser.open("/").await;
    assert!(page.shows("1 apples") && page.shows("1 bread"));
}

#[tokio::test]
async fn a_sign_out_says_goodbye_and_ends_the_session() {
    let mut browser = Browser::new();
    browser.submit("/sign-in", "name=Ada").await;
    browser.submit("/cart", "name=bread").await;
    let (mut thief, before) = (browser.clone(), browser.id().await);

    browser.submit("/sign-out", "").await;
    assert_ne!(browser.id().await, before);
    let page = browser.open("/").await;
    assert!(page.shows("Goodbye!") && page.shows("Hello, stranger") && !page.shows("bread</li>"));
    assert!(!browser.open("/").await.shows("Goodbye"));

    let page = thief.open("/account").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "the old cookie");
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_sign_in() {
    let mut browser = Browser::new();
    let page = browser.open("/account").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.shows("<h1>Unauthorized</h1>") && page.shows("href=\"/sign-in\""));
    let page = browser.open("/sign-in").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows("action=\"/sign-in\""));
}

#[tokio::test]
async fn a_name_beyond_all_measure_is_an_error_page_and_no_sign_in() {
    let mut browser = Browser::new();
    let form = format!("name={}", "a".repeat(5_000)).leak();
    let page = browser.post("/sign-in", form).await;
    assert!(page.shows("<main>") && page.shows("Back to the shop"));
    assert!(browser.open("/").await.shows("Hello, stranger"));
}

#[tokio::test]
async fn pages_that_only_read_set_no_cookie() {
    let mut browser = Browser::new();
    for path in ["/", "/sign-in", "/account"] {
        assert_eq!(browser.open(path).await.set_cookie(), None, "{path}");
    }
    browser.submit("/sign-in", "name=Ada").await;
    let shown = browser.open("/").await;
    assert!(shown.set_cookie().is_some(), "the notice is used up");
    for path in ["/", "/sign-in", "/account"] {
        assert_eq!(browser.open(path).await.set_cookie(), None, "{path}");
    }
}

/// Back after a sign-out shows nothing, phones show the page at its size, and screen readers find their way.
#[tokio::test]
async fn every_page_is_fit_to_be_copied() {
    let mut browser = Browser::new();
    for path in ["/", "/sign-in", "/account"] {
        let page = browser.open(path).await;
        let cache = page.headers[CACHE_CONTROL].to_str().expect("text");
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
            assert!(page.shows(part), "{path}: {part}");
        }
        let inputs = page.text.matches("<input").count();
        assert_eq!(page.text.matches("<label").count(), inputs, "{path}");
    }
}
