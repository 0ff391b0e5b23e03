//! A visitor with a cookie: each visit is a request through the real layer.

use std::cell::RefCell;
use std::convert::Infallible;

use http::header::{COOKIE, SET_COOKIE};
use http::{Request, Response};
use session_runtime::{CookieStoreConfig, Result, SecretKeys, Session, SessionLayer};
use tower::{Layer, ServiceExt, service_fn};

/// Remembers the one cookie that it was given.
pub(crate) struct Jar {
    pub(crate) cookie: Option<String>,
}

impl Jar {
    pub(crate) fn new() -> Self {
        Self { cookie: None }
    }

    /// One request, whose handler is `page`.
    pub(crate) async fn visit<R>(
        &mut self,
        server: &SessionLayer,
        page: impl FnOnce(Session) -> Result<R>,
    ) -> Result<R> {
        let page = RefCell::new(Some(page));
        let answer = RefCell::new(None);
        let handler = service_fn(async |_: Request<()>| {
            let page = page.take().expect("one request");
            answer.replace(Some(page(Session::current().expect("a layer"))));
            Ok::<_, Infallible>(Response::new(()))
        });
        let mut request = Request::new(());
        if let Some(cookie) = &self.cookie {
            let cookie = cookie.parse().expect("a cookie is a header value");
            request.headers_mut().insert(COOKIE, cookie);
        }
        let response = server
            .layer(handler)
            .oneshot(request)
            .await
            .expect("infallible");
        if let Some(cookie) = response.headers().get(SET_COOKIE) {
            let cookie = cookie.to_str().expect("cookies are ASCII");
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        answer.into_inner().expect("the page ran")
    }
}

/// A server with a key of its own.
#[allow(dead_code, reason = "not every test starts this one")]
pub(crate) fn server() -> SessionLayer {
    let keys = SecretKeys::generate().expect("random bytes");
    SessionLayer::new(CookieStoreConfig::new("session", keys)).expect("a good configuration")
}
