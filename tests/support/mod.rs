//! A server whose time is set by hand, and visitors that keep its cookie as a browser does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::header::SET_COOKIE;
use http::{HeaderMap, Request, Response, StatusCode};
use session_runtime::{CookieStore, CookieStoreConfig, Record, Result, Session, SessionLayer};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt;

mod events;

#[allow(unused_imports)] // Not every program looks at events.
pub(crate) use events::Events;

use super::kind::{self, Place};
use crate::exchange::{self, exchange};

/// The name of the session cookie.
pub(crate) const NAME: &str = "session";
/// Where every clock starts.
pub(crate) const START: u64 = 1_800_000_000;
/// The configured lifetime of a cookie, in seconds.
pub(crate) const MAX_AGE: u64 = 1_000;
/// The configured lifetime of a session, in seconds.
pub(crate) const ABSOLUTE: u64 = 2_500;

pub(crate) const KEY: &str = "Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=";

pub(crate) fn config() -> CookieStoreConfig {
    CookieStoreConfig::new(NAME, KEY)
        .with_max_age(Duration::from_secs(MAX_AGE))
        .with_absolute_max_age(Duration::from_secs(ABSOLUTE))
}

/// The time of a server, in seconds since 1970. Clones show the same time.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(START)))
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn reader(&self) -> impl Fn() -> SystemTime + Send + Sync + 'static {
        let clock = self.clone();
        move || time(clock.seconds())
    }
}

pub(crate) fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// One visitor of a server. A clone is the same browser with its own copy of the cookie, so that two requests can
/// bring the same one.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) layer: kind::Layer,
    /// The layer as it was before it was told where sessions are.
    pub(crate) plain: SessionLayer,
    pub(crate) place: Place,
    pub(crate) codec: CookieStore,
    pub(crate) clock: Clock,
    pub(crate) cookie: Option<String>,
    /// The last response head.
    pub(crate) answer: Answer,
}

impl Visitor {
    pub(crate) fn new() -> Self {
        Self::of(config())
    }

    pub(crate) fn of(config: CookieStoreConfig) -> Self {
        crate::listening::listen();
        let clock = Clock::new();
        let layer = SessionLayer::new(config.clone()).expect("a good configuration");
        let codec = CookieStore::new(config).expect("a good configuration");
        let (plain, place) = (layer.with_clock(clock.reader()), Place::new(&clock));
        Self {
            layer: place.layer(plain.clone()),
            plain,
            place,
            codec: codec.with_clock(clock.reader()),
            clock,
            cookie: None,
            answer: Answer::default(),
        }
    }

    /// The same visitor of the same server, before whom the layer was changed.
    pub(crate) fn with_layer(mut self, change: impl FnOnce(SessionLayer) -> SessionLayer) -> Self {
        self.plain = change(self.plain);
        self.layer = self.place.layer(self.plain.clone());
        self
    }

    /// The server goes on with another layer.
    pub(crate) fn deploy(&mut self, layer: SessionLayer) {
        self.plain = layer.with_clock(self.clock.reader());
        self.layer = self.place.layer(self.plain.clone());
    }

    /// The same visitor of a server that has its sessions where the other visitor's has them.
    pub(crate) fn at(mut self, other: &Self) -> Self {
        self.place = other.place.clone();
        self.layer = self.place.layer(self.plain.clone());
        self
    }

    /// A request whose handler makes these calls and answers 200.
    pub(crate) async fn visit<R>(&mut self, calls: impl FnOnce(&Session) -> Result<R>) -> R {
        self.answered(StatusCode::OK, calls).await
    }

    /// A request whose handler makes these calls and answers with this status.
    pub(crate) async fn answered<R>(
        &mut self,
        status: StatusCode,
        calls: impl FnOnce(&Session) -> Result<R>,
    ) -> R {
        self.respond(exchange::head(status), calls).await
    }

    /// As [`Visitor::visit`], but that the response's cookies are looked at by the caller.
    pub(crate) async fn raw_visit<R>(&mut self, calls: impl FnOnce(&Session) -> Result<R>) -> R {
        let calls = async |session: Session| calls(&session);
        let reply = exchange(&self.layer, self.request(), Response::new(()), calls).await;
        self.answer = self.answer_of(reply.headers);
        reply.result.expect("calls that succeed")
    }

    /// A request whose handler makes these calls and answers with this head.
    pub(crate) async fn respond<R>(
        &mut self,
        response: Response<()>,
        calls: impl FnOnce(&Session) -> Result<R>,
    ) -> R {
        self.send(self.request(), response, calls).await
    }

    /// This request, whose handler makes these calls and answers with this head.
    pub(crate) async fn send<R>(
        &mut self,
        request: Request<()>,
        response: Response<()>,
        calls: impl FnOnce(&Session) -> Result<R>,
    ) -> R {
        let calls = async |session: Session| calls(&session);
        let reply = exchange(&self.layer, request, response, calls).await;
        self.note(reply.headers);
        reply.result.expect("calls that succeed")
    }

    /// A request that brings the cookie.
    pub(crate) fn request(&self) -> Request<()> {
        exchange::request(self.cookie.as_deref().unwrap_or_default())
    }

    /// A request to this app; answers the response.
    pub(crate) async fn page(&mut self, app: Router, path: &str) -> Response<Body> {
        let mut request = self.request().map(|()| Body::empty());
        *request.uri_mut() = path.parse().expect("a path");
        let response = app
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        self.note(response.headers().clone());
        response
    }

    /// Takes the response's cookie as a browser does.
    pub(crate) fn note(&mut self, headers: HeaderMap) {
        let answer = self.answer_of(headers);
        if let Some(cookie) = answer.session_cookie() {
            let attributes = cookie.split("; ");
            let removed = attributes.clone().any(|attribute| attribute == "Max-Age=0");
            let pair = cookie.split("; ").next().map(ToOwned::to_owned);
            self.cookie = pair.filter(|_| !removed);
        }
        self.answer = answer;
    }

    fn answer_of(&self, headers: HeaderMap) -> Answer {
        Answer {
            headers,
            written: self.place.writes(),
        }
    }

    /// The seconds for which the browser was told to keep the cookie that it was sent, if it was told.
    pub(crate) fn max_age(&self) -> Option<u64> {
        let cookie = self.answer.session_cookie().expect("a cookie");
        let age = cookie
            .split("; ")
            .find_map(|attribute| attribute.strip_prefix("Max-Age="))?;
        Some(age.parse().expect("seconds"))
    }

    /// The record of the visitor's session.
    pub(crate) fn record(&self) -> Record {
        self.place.record(self)
    }

    /// The payload of the visitor's session.
    pub(crate) fn payload(&self) -> String {
        self.place
            .payload(self.cookie.as_deref().expect("a cookie"))
    }
}

/// The cookie with another last character, which keeps its base64 canonical.
pub(crate) fn forged(cookie: &str) -> String {
    let (start, last) = cookie.split_at(cookie.len() - 1);
    let other = if last == "A" { "Q" } else { "A" };
    format!("{start}{other}")
}

/// The payload of a signed `name=value`.
pub(crate) fn payload(cookie: &str) -> String {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let value = cookie.split_once('=').expect("a pair").1;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).expect("base64");
    String::from_utf8(bytes[34..bytes.len() - 32].to_vec()).expect("JSON")
}

/// A response head.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    /// Rows that were written to a store of the server since the answer before.
    pub(crate) written: usize,
}

impl Answer {
    /// Every value of the header, in order.
    pub(crate) fn all(&self, name: impl http::header::AsHeaderName) -> Vec<&str> {
        let values = self.headers.get_all(name).iter();
        values.map(|value| value.to_str().expect("text")).collect()
    }

    /// The `Set-Cookie` of the session, of which there is at most one.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        let ours = |cookie: &&str| cookie.starts_with("session=");
        let cookies: Vec<&str> = self.all(SET_COOKIE).into_iter().filter(ours).collect();
        assert!(cookies.len() <= 1, "one cookie of our name: {cookies:?}");
        cookies.first().copied()
    }

    pub(crate) fn saves(&self) -> bool {
        let sends = |cookie| !is_removal(cookie);
        self.written > 0 || self.session_cookie().is_some_and(sends)
    }

    /// Whether nothing was saved, sent or removed.
    pub(crate) fn is_silent(&self) -> bool {
        self.written == 0 && self.session_cookie().is_none()
    }

    pub(crate) fn removes(&self) -> bool {
        self.session_cookie().is_some_and(is_removal)
    }
}

fn is_removal(cookie: &str) -> bool {
    cookie.contains("; Max-Age=0;")
}

/// A request in flight: its handler has made its first calls, and waits to make the last.
pub(crate) struct InFlight {
    go_on: oneshot::Sender<()>,
    task: JoinHandle<Visitor>,
}

impl Visitor {
    /// Begins a request of the same browser with the cookie that it has now.
    pub(crate) async fn begin(
        &self,
        first: impl FnOnce(&Session) -> Result<()> + Send + 'static,
        last: impl FnOnce(&Session) -> Result<()> + Send + 'static,
    ) -> InFlight {
        let mut visitor = self.clone();
        let (go_on, wait) = oneshot::channel();
        let (begun, begins) = oneshot::channel();
        let handler = |session: Session| async move {
            first(&session).expect("first calls that succeed");
            begun.send(()).expect("the test waits");
            wait.await.expect("the test goes on");
            last(&session).expect("last calls that succeed");
        };
        let handler = Arc::new(Mutex::new(Some(handler)));
        let page = async move |session: Session| {
            let handler = handler.lock().unwrap().take().expect("one request");
            handler(session).await;
        };
        let app = Router::new()
            .route("/", get(page))
            .layer(self.layer.clone());
        let task = tokio::spawn(async move {
            visitor.page(app, "/").await;
            visitor
        });
        begins.await.expect("the request begins");
        InFlight { go_on, task }
    }
}

impl InFlight {
    /// Lets the request go on to its end; answers the visitor with its response.
    pub(crate) async fn finish(self) -> Visitor {
        self.go_on.send(()).expect("the request waits");
        self.task.await.expect("a response")
    }

    /// The client goes away.
    pub(crate) async fn cancel(self) {
        self.task.abort();
        assert!(self.task.await.is_err_and(|error| error.is_cancelled()));
    }
}
