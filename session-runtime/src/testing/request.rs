//! One request, to an application or through a layer to a handler of the test's own.

use core::convert::Infallible;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{COOKIE, HeaderMap, HeaderValue};
use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use super::layers::Layers;
use crate::error::{Error, Result};
use crate::session::Session;

/// Calls the service once it is ready.
pub(super) async fn oneshot<S: Service<Q>, Q>(
    mut service: S,
    request: Q,
) -> Result<S::Response, S::Error> {
    poll_fn(|cx| service.poll_ready(cx)).await?;
    service.call(request).await
}

/// What `handler` answers to a request with these cookies, and the response's head: its status is 200 for `Ok` where
/// `saves`, else 500. An error of ours where the layer put another response in its place.
pub(super) async fn serve<T, E, F>(
    layers: &Layers,
    cookies: Option<HeaderValue>,
    saves: bool,
    handler: impl FnOnce(Session) -> F + Send,
) -> Result<(Result<T, E>, HeaderMap)>
where
    T: Send,
    E: Send,
    F: Future<Output = Result<T, E>> + Send,
{
    let handler = Handler::new(async move {
        let session = Session::current().expect("the layer is around this handler");
        // As the extractors do; where it fails, so does every call of the session.
        #[cfg(feature = "store")]
        let _unavailable = session.load().await;
        let answer = handler(session).await;
        let is_saved = saves && answer.is_ok();
        let mut response = Response::new(Some(answer));
        if !is_saved {
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        }
        Ok(response)
    });
    let mut request = Request::new(());
    if let Some(cookies) = cookies {
        request.headers_mut().insert(COOKIE, cookies);
    }
    let response = match layers {
        Layers::Cookies(layer) => oneshot(layer.layer(handler), request).await,
        #[cfg(feature = "store")]
        Layers::Stored(layer) => oneshot(layer.layer(handler), request).await,
    };
    let (mut head, answer) = response.unwrap_or_else(|never| match never {}).into_parts();
    let refused = head.extensions.remove::<Arc<Error>>();
    let refused = || refused.and_then(Arc::into_inner);
    answer
        .map(|answer| (answer, head.headers))
        .ok_or_else(|| refused().unwrap_or(Error::Unavailable))
}

type Answer<T> = Result<Response<Option<T>>, Infallible>;
type Answering<'a, T> = Pin<Box<dyn Future<Output = Answer<T>> + Send + 'a>>;

/// A service of one request. The body is none where a layer answers in its place.
struct Handler<'a, T>(Arc<Mutex<Option<Answering<'a, T>>>>);

impl<'a, T> Handler<'a, T> {
    fn new(answering: impl Future<Output = Answer<T>> + Send + 'a) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::pin(answering)))))
    }
}

impl<T> Clone for Handler<'_, T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<'a, T> Service<Request<()>> for Handler<'a, T> {
    type Response = Response<Option<T>>;
    type Error = Infallible;
    type Future = Answering<'a, T>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _request: Request<()>) -> Self::Future {
        let mut answering = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answering.take().expect("one request is sent")
    }
}
