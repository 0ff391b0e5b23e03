//! Where the cookie used to be: a change of its domain, path or partition signs nobody out, and lets sign-outs through.

use http::header::SET_COOKIE;
use session_runtime::{CookieStoreConfig, Place, Session};

use super::support::{NAME, Visitor, config};

/// A browser that keeps cookies of one name apart by their place, as it must.
struct Browser {
    visitor: Visitor,
    /// The place, as the attributes say it, and the pair.
    jar: Vec<(String, String)>,
}

impl Browser {
    fn new(config: CookieStoreConfig) -> Self {
        Self {
            visitor: Visitor::of(config),
            jar: Vec::new(),
        }
    }

    /// The same browser a second later, after the service was configured anew.
    fn meets(self, config: CookieStoreConfig) -> Self {
        let visitor = Visitor::of(config);
        visitor.clock.set(self.visitor.clock.seconds() + 1);
        Self { visitor, ..self }
    }

    async fn visit<R>(&mut self, calls: impl FnOnce(&Session) -> session_runtime::Result<R>) -> R {
        let pairs: Vec<&str> = self.jar.iter().map(|(_, pair)| pair.as_str()).collect();
        self.visitor.cookie = (!pairs.is_empty()).then(|| pairs.join("; "));
        let mut service = self.visitor.clone();
        let result = service.raw_visit(calls).await;
        for cookie in service.answer.all(SET_COOKIE) {
            let place = place(cookie);
            self.jar.retain(|(other, _)| *other != place);
            if !cookie.contains("; Max-Age=0") {
                let pair = cookie.split(';').next().expect("a pair");
                self.jar.push((place, pair.to_owned()));
            }
        }
        self.visitor.answer = service.answer;
        result
    }

    fn sent(&self) -> usize {
        self.visitor.answer.all(SET_COOKIE).len()
    }
}

fn place(cookie: &str) -> String {
    let named = |name: &str| {
        let attribute = cookie.split("; ").find(|part| part.starts_with(name));
        attribute.unwrap_or_default().to_owned()
    };
    ["Domain", "Path", "Partitioned"].map(named).join(" ")
}

/// Every way in which the place was changed: the configuration before, and the one after.
fn changes() -> [(&'static str, CookieStoreConfig, CookieStoreConfig); 4] {
    let domain = || config().with_domain("example.org");
    let here = Place::new();
    [
        (
            "a domain was added",
            config(),
            domain().formerly(here.clone()),
        ),
        (
            "a domain was removed",
            domain(),
            config().formerly(here.clone().domain("example.org")),
        ),
        (
            "the path moved",
            config().with_path("/app"),
            config().formerly(here.clone().path("/app")),
        ),
        (
            "partitioned was switched",
            config(),
            config().with_partitioned(true).formerly(here),
        ),
    ]
}

#[tokio::test]
async fn who_was_signed_in_stays_so_and_a_sign_out_goes_through() {
    for (change, before, after) in changes() {
        let mut browser = Browser::new(before);
        browser.visit(|session| session.put("uid", 7)).await;
        let mut browser = browser.meets(after);
        let uid = browser.visit(|session| session.get("uid")).await;
        assert_eq!(uid, Some(7), "{change}");
        browser.visit(|session| session.put("seen", true)).await;
        assert_eq!((browser.sent(), browser.jar.len()), (2, 1), "{change}");
        let uid = browser.visit(|session| session.get("uid")).await;
        assert_eq!(uid, Some(7), "{change}");
        browser.visit(Session::destroy).await;
        assert_eq!(browser.jar.len(), 0, "{change}");
    }
}

#[tokio::test]
async fn twins_of_one_session_become_one_cookie_at_the_first_look() {
    for (change, before, after) in changes() {
        let mut browser = Browser::new(before);
        browser.visit(|session| session.put("uid", 7)).await;
        // A version between did not say where the cookie used to be.
        let mut forgetful = after.clone();
        forgetful.formerly.clear();
        let mut browser = browser.meets(forgetful);
        browser.visit(|session| session.put("seen", true)).await;
        assert_eq!(browser.jar.len(), 2, "{change}");
        let mut browser = browser.meets(after);
        browser.visit(Session::keys).await;
        assert_eq!(browser.jar.len(), 1, "{change}");
        let seen = browser.visit(|session| session.get("seen")).await;
        assert_eq!((seen, browser.sent()), (Some(true), 0), "{change}");
    }
}

#[tokio::test]
async fn twins_of_two_sessions_leave_the_one_at_the_present_place() {
    for (change, before, after) in changes() {
        let mut browser = Browser::new(before);
        browser.visit(|session| session.put("uid", 7)).await;
        let mut forgetful = after.clone();
        forgetful.formerly.clear();
        let old = browser.jar.clone();
        let mut browser = browser.meets(forgetful);
        browser.jar.clear();
        browser.visit(|session| session.put("uid", 8)).await;
        browser.jar.extend(old);
        let mut browser = browser.meets(after);
        let uid = browser.visit(|session| session.get::<i64>("uid")).await;
        assert_eq!((uid, browser.jar.len()), (None, 1), "{change}");
        let uid = browser.visit(|session| session.get("uid")).await;
        assert_eq!(uid, Some(8), "{change}");
    }
}

#[tokio::test]
async fn a_cookie_that_never_moved_is_alone() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("uid", 7)).await;
    let cookies = visitor.answer.all(SET_COOKIE);
    assert_eq!(cookies.len(), 1);
    assert!(cookies[0].starts_with(NAME));
}
