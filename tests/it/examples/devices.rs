//! The example of one's own devices: browsers without scripts sign in, list each other and sign each other out.

use http::StatusCode;
use http::header::{LOCATION, USER_AGENT};
use reqwest::RequestBuilder;
use session_runtime::{CookieStoreConfig, SecretKeys};

use crate::browser::{Browser, Page, serve};

#[path = "../../../examples/devices.rs"]
#[expect(dead_code, reason = "main: the test serves the pages itself")]
mod program;

/// A browser that says its name.
struct Device {
    name: &'static str,
    browser: Browser,
}

/// The site, which ends with the test's runtime, and its first page in each of these browsers.
async fn open<const N: usize>(names: [&'static str; N]) -> [Device; N] {
    let key = SecretKeys::generate().expect("random bytes");
    let config = CookieStoreConfig::new("devices", key).with_secure(false);
    let site = program::app(config).expect("a good configuration");
    let site = serve(site).await;
    names.map(|name| Device {
        name,
        browser: Browser::at(&site),
    })
}

impl Device {
    async fn send(&mut self, request: RequestBuilder) -> Page {
        let page = self
            .browser
            .send(request.header(USER_AGENT, self.name))
            .await;
        if page.status == StatusCode::SEE_OTHER {
            assert_eq!(page.headers[LOCATION], "/");
        }
        page
    }

    async fn home(&mut self) -> String {
        let page = self.browser.client().get(self.browser.url("/"));
        let page = self.send(page).await;
        assert_eq!(page.status, StatusCode::OK);
        page.text
    }

    async fn submit(&mut self, path: &str, form: String) -> StatusCode {
        let request = self.browser.form(path, form);
        self.send(request).await.status
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
        open(["laptop", "phone", "tablet", "stranger"]).await;
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
    let [mut ada, mut other, mut mallory] = open(["ada", "other", "mallory"]).await;
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
    let [mut laptop, mut phone] = open(["laptop", "phone"]).await;
    laptop.sign_in("Ada").await;
    phone.sign_in("Ada").await;
    let before = laptop.browser.cookies.clone();
    laptop.press("/sign-out").await;
    let page = laptop.home().await;
    assert!(
        page.contains("You are signed out here.") && page.contains("Sign in"),
        "{page}"
    );
    laptop.browser.cookies = before;
    assert!(!laptop.is_signed_in().await, "nor with the old cookie");
    sees(&phone.home().await, &["phone (this one)"]);
}

#[tokio::test]
async fn who_is_not_signed_in_signs_nobody_out() {
    let [mut stranger, mut ada] = open(["stranger", "ada"]).await;
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
