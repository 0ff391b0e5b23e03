//! A real cache in front: nginx, told to keep every page for a minute, between a server on the loopback interface and
//! visitors who must never see each other.
//!
//! `SESSION_TEST_NGINX=1` runs it; nginx missing is a failure then.

use std::collections::HashMap;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use http::header::{CACHE_CONTROL, COOKIE};
use reqwest::Client;
use session_runtime::{CookieStore, CookieStoreConfig, Result, SecretKeys, Session, SessionLayer};

mod process;

use crate::support::{
    self,
    browser::{Page, serve},
};
use process::Nginx;

const REQUESTS: usize = 1_000;
/// Visitors that sign in, each under its own number; 0 never does.
const USERS: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Headers {
    On,
    Off,
}

fn store(keys: &SecretKeys) -> CookieStore {
    let config = CookieStoreConfig::new("session", keys.clone()).with_secure(false);
    CookieStore::new(config).expect("a good configuration")
}

async fn me(session: Session) -> Result<String> {
    Ok(format!(
        "user {}",
        session.get::<usize>("uid")?.unwrap_or(0)
    ))
}

/// Touched and changed: the response sets a cookie.
async fn visit(session: Session) -> Result<String> {
    session.update("visits", |visits: Option<u64>| visits.unwrap_or(0) + 1)?;
    me(session).await
}

/// A page whose author believed that it is the same for all.
async fn careless(session: Session) -> Result<([(http::HeaderName, &'static str); 1], String)> {
    let public = "public, max-age=60, s-maxage=60";
    Ok(([(CACHE_CONTROL, public)], me(session).await?))
}

async fn sign_in(Path(uid): Path<usize>, session: Session) -> Result<String> {
    session.renew()?;
    session.put("uid", uid)?;
    me(session).await
}

/// The largest cookie that there can be.
async fn fill(session: Session) -> Result<()> {
    let text = |length| "x".repeat(length);
    let fits = (0..4_096)
        .rev()
        .find(|&length| session.put("x", text(length)).is_ok());
    assert!(fits.is_some_and(|length| length > 2_900), "{fits:?}");
    Ok(())
}

fn app(keys: &SecretKeys, headers: Headers) -> Router {
    let layer = SessionLayer::new(store(keys)).expect("a good configuration");
    Router::new()
        .route("/me", get(me))
        .route("/visit", get(visit))
        .route("/careless", get(careless))
        .route("/sign-in/{uid}", get(sign_in))
        .route("/public", get(async || "the same for all"))
        .route("/fill", get(fill))
        .layer(match headers {
            Headers::On => layer,
            Headers::Off => layer.without_cache_headers(),
        })
}

/// What came to the wrong visitor, and what the cache answered by itself.
#[derive(Debug, Default)]
struct Findings {
    pages: usize,
    cookies: usize,
    hits: usize,
    private_hits: usize,
}

/// What one visitor knows and what the server must have told nobody else.
struct Visitors {
    store: CookieStore,
    cookies: [Option<String>; USERS],
    owners: HashMap<String, usize>,
}

impl Visitors {
    fn judge(&mut self, user: usize, path: &str, reply: &Page, findings: &mut Findings) {
        if reply.header("x-cache") == Some("HIT") {
            findings.hits += 1;
            findings.private_hits += usize::from(path != "/public");
        }
        if path != "/public" && reply.text != format!("user {}", self.uid(user, path)) {
            findings.pages += 1;
        }
        let Some(set) = reply.header("set-cookie") else {
            return;
        };
        let pair = set.split("; ").next().expect("a pair").to_owned();
        let owner = *self.owners.entry(pair.clone()).or_insert(user);
        if owner == user {
            self.cookies[user] = Some(pair);
        } else {
            findings.cookies += 1; // and the visitor goes on with its own
        }
    }

    /// Who the visitor is after this request.
    fn uid(&self, user: usize, path: &str) -> usize {
        if path.starts_with("/sign-in/") {
            return user;
        }
        let value = self.cookies[user].as_deref().unwrap_or("session=");
        let value = value.split_once('=').expect("a pair").1;
        let record = self.store.open_value(value.as_bytes()).ok();
        let uid = record.and_then(|record| record.get("uid").ok().flatten());
        uid.unwrap_or(0)
    }
}

/// Keeps no cookies: what comes to whom is what is judged.
fn client() -> Client {
    let client = Client::builder().no_proxy();
    client.build().expect("a client")
}

/// 1,000 requests of all visitors in a fixed disorder.
async fn run(headers: Headers, ignores_set_cookie: bool) -> Findings {
    let keys = SecretKeys::generate().expect("random bytes");
    let upstream = serve(app(&keys, headers)).await;
    let directives = if ignores_set_cookie {
        "proxy_ignore_headers Set-Cookie;"
    } else {
        ""
    };
    let nginx = Nginx::start(&upstream, directives).await;
    let client = client();

    let mut visitors = Visitors {
        store: store(&keys),
        cookies: Default::default(),
        owners: HashMap::new(),
    };
    let mut findings = Findings::default();
    let mut dice = 0x2545_f491_u32;
    let mut roll = |sides: u32| {
        dice ^= dice << 13;
        dice ^= dice >> 17;
        dice ^= dice << 5;
        (dice % sides) as usize
    };
    for _ in 0..REQUESTS {
        let user = roll(5);
        let sign_in = format!("/sign-in/{user}");
        let path = match roll(8) {
            0 if user > 0 => sign_in.as_str(),
            0..=2 => "/me",
            3 | 4 => "/careless",
            5 | 6 => "/visit",
            _ => "/public",
        };
        let mut request = client.get(nginx.url(path));
        if let Some(cookie) = &visitors.cookies[user] {
            request = request.header(COOKIE, cookie);
        }
        let reply = Page::of(request.send().await.expect("an answer")).await;
        assert_eq!(reply.status, 200, "{path}");
        visitors.judge(user, path, &reply, &mut findings);
    }
    nginx.stop();
    println!("{headers:?}, ignores Set-Cookie {ignores_set_cookie}: {findings:?}");
    findings
}

/// What the README says of `proxy_buffer_size`.
#[tokio::test]
async fn the_largest_cookie_needs_a_larger_buffer_than_nginx_has() {
    if !is_asked_for() {
        return;
    }
    let keys = SecretKeys::generate().expect("random bytes");
    let upstream = serve(app(&keys, Headers::On)).await;
    let client = client();
    for (directives, status) in [
        ("proxy_buffer_size 4k;", 502),
        ("proxy_buffer_size 8k;", 200),
    ] {
        let nginx = Nginx::start(&upstream, directives).await;
        let reply = client.get(nginx.url("/fill")).send().await;
        assert_eq!(reply.expect("an answer").status(), status, "{directives}");
        nginx.stop();
    }
}

fn is_asked_for() -> bool {
    support::is_asked_for("SESSION_TEST_NGINX", "a real nginx cache")
}

#[tokio::test]
async fn nobody_gets_the_page_or_the_cookie_of_another_from_a_cache() {
    if !is_asked_for() {
        return;
    }
    for ignores_set_cookie in [false, true] {
        let findings = run(Headers::On, ignores_set_cookie).await;
        assert_eq!((findings.pages, findings.cookies), (0, 0), "{findings:?}");
        assert_eq!(findings.private_hits, 0, "{findings:?}");
        assert!(findings.hits > 50, "it caches what is public: {findings:?}");
    }
}

/// The control: the test above can fail, and the headers are what makes it pass.
#[tokio::test]
async fn without_the_headers_the_same_cache_leaks() {
    if !is_asked_for() {
        return;
    }
    let findings = run(Headers::Off, false).await;
    assert!(findings.pages > 50, "pages are mixed up: {findings:?}");
    let findings = run(Headers::Off, true).await;
    assert!(findings.pages > 50, "pages are mixed up: {findings:?}");
    assert!(findings.cookies > 10, "cookies are too: {findings:?}");
}
