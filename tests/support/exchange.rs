//! One request in process, whose handler makes the calls of a test: what every visitor of these programs sends.

use std::convert::Infallible;
use std::sync::Mutex;

use http::header::{COOKIE, HeaderMap, SET_COOKIE};
use http::{HeaderValue, Request, Response, StatusCode};
use session_runtime::{Result, Session, SessionLayer, StoredSessionLayer};
use tower::{Layer, Service, ServiceExt, service_fn};

/// The body of the handler's own response.
const PAGE: &str = "the page";

/// What came of a request.
pub(crate) struct Reply<R> {
    /// What the handler's calls answered.
    pub(crate) result: Result<R>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Whether the response is the handler's own.
    pub(crate) is_page: bool,
}

impl<R> Reply<R> {
    /// The cookie that is set, as the browser sends it back; empty where it is removed.
    pub(crate) fn cookie(&self) -> Option<String> {
        let set = self.headers.get(SET_COOKIE)?.to_str().expect("text");
        if set.contains("; Max-Age=0;") {
            return Some(String::new());
        }
        set.split(';').next().map(ToOwned::to_owned)
    }
}

/// What answers a request.
pub(crate) trait Handler:
    Service<Request<()>, Response = Response<String>, Error = Infallible>
{
}

impl<S: Service<Request<()>, Response = Response<String>, Error = Infallible>> Handler for S {}

/// A layer around the handler, whose sessions are in cookies or in a store.
pub(crate) trait Around {
    async fn answer(&self, handler: impl Handler + Clone, request: Request<()>)
    -> Response<String>;
}

impl Around for SessionLayer {
    async fn answer(
        &self,
        handler: impl Handler + Clone,
        request: Request<()>,
    ) -> Response<String> {
        answer(self.layer(handler), request).await
    }
}

impl Around for StoredSessionLayer {
    async fn answer(
        &self,
        handler: impl Handler + Clone,
        request: Request<()>,
    ) -> Response<String> {
        answer(self.layer(handler), request).await
    }
}

async fn answer(service: impl Handler, request: Request<()>) -> Response<String> {
    let response = service.oneshot(request).await;
    response.unwrap_or_else(|never| match never {})
}

/// Sends the request through the layer to a handler that makes these calls and answers with this head.
pub(crate) async fn exchange<R>(
    layer: &impl Around,
    request: Request<()>,
    head: Response<()>,
    calls: impl AsyncFnOnce(Session) -> Result<R>,
) -> Reply<R> {
    let (calls, result) = (Mutex::new(Some(calls)), Mutex::new(None));
    let handler = service_fn(async |_: Request<()>| {
        let calls = calls.lock().unwrap().take().expect("one request");
        let session = Session::current().expect("below the layer");
        let done = calls(session).await;
        *result.lock().unwrap() = Some(done);
        Ok(head.clone().map(|()| PAGE.to_owned()))
    });
    let (head, body) = layer.answer(handler, request).await.into_parts();
    Reply {
        result: result.into_inner().unwrap().expect("the handler ran"),
        status: head.status,
        headers: head.headers,
        is_page: body == PAGE,
    }
}

/// A request that brings this cookie; none where it is empty.
pub(crate) fn request(cookie: &str) -> Request<()> {
    let mut request = Request::new(());
    if !cookie.is_empty() {
        let value = HeaderValue::try_from(cookie).expect("a header value");
        request.headers_mut().insert(COOKIE, value);
    }
    request
}

/// A response head with this status.
pub(crate) fn head(status: StatusCode) -> Response<()> {
    let mut head = Response::new(());
    *head.status_mut() = status;
    head
}
