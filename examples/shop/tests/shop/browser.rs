//! A shop with a clock that stands, in a file of its own, and browsers that visit it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{fs, process};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::{Request, StatusCode, request};
use session_runtime::store::SqliteStore;
use session_runtime::testing::{Clock, Visitor};
use session_runtime::{
    CookieStoreConfig, Record, Revocation, SecretKeys, SessionId, SessionLayer, StoredSessionLayer,
};
use shop::{Account, Users};

pub(crate) const ADA: i64 = 1;
pub(crate) const GRACE: i64 = 2;
pub(crate) const PASSWORD: &str = "correct horse";

/// Its file ends with it.
pub(crate) struct Shop {
    pub(crate) router: Router,
    pub(crate) layer: StoredSessionLayer,
    pub(crate) clock: Clock,
    key: SecretKeys,
    folder: Folder,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let (clock, folder) = (Clock::new(), Folder::new());
        let key = SecretKeys::generate().expect("random bytes");
        let store = store(&folder, &clock).await;
        let layer = shop::sessions(cookies(&key, &clock), store).expect(DISJOINT);
        Self {
            router: shop::router(layer.clone(), Users::demo().expect("random bytes")),
            layer,
            clock,
            key,
            folder,
        }
    }

    /// The same shop on a server that can't say which sessions are good.
    pub(crate) async fn cut_off(&self) -> Router {
        let layer = cookies(&self.key, &self.clock)
            .with_revocation(Revocation::new(|_| Err("cut off".into())));
        let store = store(&self.folder, &self.clock).await;
        let layer = shop::sessions(layer, store).expect(DISJOINT);
        shop::router(layer, Users::demo().expect("random bytes"))
    }

    /// A stranger's.
    pub(crate) fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            visitor: Visitor::from(&self.layer),
            agent: "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/130.0",
        }
    }

    /// That of a user who signed in before.
    pub(crate) async fn signed_in(&self, uid: i64) -> Browser {
        let mut browser = self.browser();
        browser
            .visitor
            .visit(async |session| session.put(Account::UID, uid))
            .await
            .expect("a store that takes it");
        browser
    }
}

const DISJOINT: &str = "structs without a key in common";

async fn store(folder: &Folder, clock: &Clock) -> SqliteStore {
    let store = SqliteStore::open(folder.0.join("sessions.db")).await;
    let store = store.expect("a folder that can be written to");
    store
        .with_clock(clock.reader())
        .with_timeout(Duration::from_secs(30)) // a busy machine is no outage
}

fn cookies(key: &SecretKeys, clock: &Clock) -> SessionLayer {
    let config = CookieStoreConfig::new("__Host-shop", key.clone());
    let layer = SessionLayer::new(config).expect("a good configuration");
    layer.with_clock(clock.reader())
}

/// A new folder, removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("shop-{}-{number}", process::id());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a new folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) router: Router,
    pub(crate) visitor: Visitor,
    pub(crate) agent: &'static str,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) async fn open(&mut self, path: &str) -> Page {
        self.send(Request::get(path), String::new()).await
    }

    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, form).await
    }

    pub(crate) async fn send(&mut self, request: request::Builder, body: String) -> Page {
        let request = request
            .header(ACCEPT, "text/html,*/*;q=0.8")
            .header(USER_AGENT, self.agent);
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.visitor.send(&self.router, request).await;
        let (head, body) = response.unwrap_or_else(|never| match never {}).into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Page {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(body.to_vec()).expect("text"),
        }
    }

    pub(crate) async fn sign_in(&mut self, password: &str) -> Page {
        self.submit("/login", &[("name", "ada"), ("password", password)])
            .await
    }

    /// Gives the password again.
    pub(crate) async fn confirm(&mut self) {
        let page = self.submit("/confirm", &[("password", PASSWORD)]).await;
        page.leads_to("/");
    }

    pub(crate) async fn record(&self) -> Record {
        self.visitor.record().await.expect("a store that answers")
    }

    pub(crate) async fn id(&self) -> SessionId {
        let record = self.record().await;
        assert!(!record.keys().is_empty(), "a session");
        record.id()
    }

    pub(crate) async fn uid(&self) -> Option<i64> {
        let record = self.record().await;
        record.get(Account::UID).expect("a number")
    }
}

impl Page {
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(self.text.contains(text), "{text:?} in\n{}", self.text);
    }

    #[track_caller]
    pub(crate) fn hides(&self, text: &str) {
        assert!(!self.text.contains(text), "{text:?} in\n{}", self.text);
    }

    #[track_caller]
    pub(crate) fn leads_to(&self, path: &str) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        assert_eq!(self.headers[LOCATION], path);
    }

    /// A page with this heading.
    #[track_caller]
    pub(crate) fn is(&self, status: StatusCode, heading: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        self.shows(&format!("<h1>{heading}</h1>"));
    }

    /// The cookie that it sets, with its attributes.
    #[track_caller]
    pub(crate) fn cookie(&self) -> &str {
        let cookie = self.headers.get(SET_COOKIE).expect("a cookie");
        cookie.to_str().expect("cookies are ASCII")
    }
}
