//! The example of one's own devices: browsers without scripts sign in, list each other and sign each other out.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HeaderValue, LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::{Request, StatusCode};
use session_runtime::{CookieStoreConfig, SecretKeys};
use tower::ServiceExt;

#[path = "../../../examples/devices.rs"]
#[expect(dead_code, reason = "main: the test serves the pages itself")]
mod program;

/// A browser that says its name.
struct Browser {
    site: Router,
    name: &'static str,
    cookie: Option<HeaderValue>,
}

/// The site, which ends with the test's runtime, and its first page in each of these browsers.
fn open<const N: usize>(names: [&'static str; N]) -> [Browser; N] {
    let key = SecretKeys::generate().expect("random bytes");
    let config = CookieStoreConfig::new("devices", key).with_secure(false);
    let site = program::app(config).expect("a good configuration");
    names.map(|name| Browser {
        site: site.clone(),
        name,
        cookie: None,
    })
}

impl Browser {
    async fn send(&mut self, mut request: Request<Body>) -> (StatusCode, String) {
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, HeaderValue::from_static(self.name));
        if let Some(cookie) = &self.cookie {
            headers.insert(COOKIE, cookie.clone());
        }
        let response = self.site.clone().oneshot(request).await;
        let (head, body) = response.unwrap_or_else(|never| match never {}).into_parts();
        if let Some(cookie) = head.headers.get(SET_COOKIE) {
            let cookie = cookie.to_str().expect("cookies are ASCII");
            let pair = cookie.split(';').next().expect("a pair");
            let is_removed = cookie.contains("Max-Age=0");
            self.cookie = (!is_removed).then(|| pair.parse().expect("a header value"));
        }
        if head.status == StatusCode::SEE_OTHER {
            assert_eq!(head.headers[LOCATION], "/");
        }
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(body.to_vec()).expect("text");
        (head.status, text)
    }

    async fn home(&mut self) -> String {
        let request = Request::get("/").body(Body::empty());
        let (status, page) = self.send(request.expect("a request")).await;
        assert_eq!(status, StatusCode::OK);
        page
    }

    async fn submit(&mut self, path: &str, form: String) -> StatusCode {
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form));
        self.send(request.expect("a request")).await.0
    }

    async fn sign_in(&mut self, user: &str) {
        let status = self.submit("/sign-in", format!("user={user}")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }

    async fn press(&mut self, path: &str) -> StatusCode {
        self.submit(path, String::new()).await
    }

    async fn is_signed_in(&mut self) -> bool {
        self.home().await.contains("Devices of")
    }
}

/// The id that the page sends back to sign out the device of this name.
fn id_of(page: &str, device: &str) -> String {
    let item = page.split("<li>").find(|item| item.starts_with(device));
    let item = item.unwrap_or_else(|| panic!("no {device} in {page}"));
    let value = item.split("value=\"").nth(1).expect("a button");
    value.split('"').next().expect("an id").to_owned()
}

fn sees(page: &str, names: &[&str]) {
    assert_eq!(page.matches("<li>").count(), names.len(), "{page}");
    for name in names {
        assert!(page.contains(&format!("<li>{name}")), "{name}: {page}");
    }
}

#[tokio::test]
async fn browsers_are_listed_and_signed_out_one_the_others_and_all() {
    let [mut laptop, mut phone, mut tablet, mut stranger] =
        open(["laptop", "phone", "tablet", "stranger"]);
    for browser in [&mut laptop, &mut phone, &mut tablet] {
        assert!(!browser.is_signed_in().await);
        browser.sign_in("Ada").await;
    }
    stranger.sign_in("Mallory").await;
    let page = laptop.home().await;
    sees(&page, &["laptop (this one)", "phone", "tablet"]);
    sees(&stranger.home().await, &["stranger (this one)"]);

    let phone_id = id_of(&page, "phone");
    laptop
        .submit("/sign-out-one", format!("id={phone_id}"))
        .await;
    let page = laptop.home().await;
    assert!(page.contains("Signed out there."), "{page}");
    sees(&page, &["laptop (this one)", "tablet"]);
    assert!(!phone.is_signed_in().await);
    laptop
        .submit("/sign-out-one", format!("id={phone_id}"))
        .await;
    let page = laptop.home().await;
    assert!(page.contains("It was signed out before."), "{page}");

    phone.sign_in("Ada").await;
    laptop.press("/sign-out-others").await;
    let page = laptop.home().await;
    assert!(page.contains("Signed out elsewhere: 2."), "{page}");
    sees(&page, &["laptop (this one)"]);
    assert!(!phone.is_signed_in().await && !tablet.is_signed_in().await);

    laptop.press("/sign-out-all").await;
    assert!(!laptop.is_signed_in().await, "this one too");
    assert!(stranger.is_signed_in().await, "of another owner");
}

/// Whose the session is says the server, not the browser.
#[tokio::test]
async fn nobody_signs_out_another_s_device_by_its_id() {
    let [mut ada, mut other, mut mallory] = open(["ada", "other", "mallory"]);
    ada.sign_in("Ada").await;
    other.sign_in("Ada").await;
    mallory.sign_in("Mallory").await;
    let id = id_of(&ada.home().await, "other");
    for id in [id.as_str(), "", "nonsense", &"0".repeat(64)] {
        mallory.submit("/sign-out-one", format!("id={id}")).await;
        let page = mallory.home().await;
        assert!(page.contains("It was signed out before."), "{page}");
    }
    assert!(other.is_signed_in().await);
}

#[tokio::test]
async fn a_sign_out_here_leaves_a_message_and_the_others() {
    let [mut laptop, mut phone] = open(["laptop", "phone"]);
    laptop.sign_in("Ada").await;
    phone.sign_in("Ada").await;
    let before = laptop.cookie.clone();
    laptop.press("/sign-out").await;
    let page = laptop.home().await;
    assert!(
        page.contains("You are signed out here.") && page.contains("Sign in"),
        "{page}"
    );
    laptop.cookie = before;
    assert!(!laptop.is_signed_in().await, "nor with the old cookie");
    sees(&phone.home().await, &["phone (this one)"]);
}

#[tokio::test]
async fn who_is_not_signed_in_signs_nobody_out() {
    let [mut stranger, mut ada] = open(["stranger", "ada"]);
    ada.sign_in("Ada").await;
    for path in ["/sign-out-others", "/sign-out-all"] {
        assert_eq!(
            stranger.press(path).await,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let one = stranger.submit("/sign-out-one", "id=x".to_owned()).await;
    assert_eq!(one, StatusCode::UNAUTHORIZED);
    assert!(ada.is_signed_in().await);
}
