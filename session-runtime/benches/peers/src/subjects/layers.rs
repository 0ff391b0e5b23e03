//! Layers that keep no session: what it costs to be one.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::routing::get;
use http::Request;
use tower::{Layer, Service, layer::layer_fn};

use super::bare::handler;
use crate::subject::{Protection, Role, Subject, at_root};

pub const EMPTY: &str = "empty tower layer";
pub const BOXED: &str = "empty layer, boxed future, one Arc in the extensions";

#[must_use]
pub fn empty() -> Subject {
    Subject::axum(EMPTY, Role::Layer, Protection::None, |_, _| {
        at_root(get(handler)).layer(layer_fn(Empty))
    })
}

#[must_use]
pub fn boxed_with_extension() -> Subject {
    Subject::axum(BOXED, Role::Layer, Protection::None, |_, _| {
        at_root(get(handler)).layer(BoxedLayer)
    })
}

#[derive(Clone)]
struct Empty<S>(S);

impl<S: Service<R>, R> Service<R> for Empty<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.0.call(request)
    }
}

#[derive(Clone)]
struct BoxedLayer;

impl<S> Layer<S> for BoxedLayer {
    type Service = Boxed<S>;

    fn layer(&self, inner: S) -> Boxed<S> {
        Boxed(inner)
    }
}

#[derive(Clone)]
struct Boxed<S>(S);

/// What a session layer would leave for the handler to find.
#[derive(Clone)]
struct Slot {
    _shared: Arc<u64>,
}

impl<S, B> Service<Request<B>> for Boxed<S>
where
    S: Service<Request<B>, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.extensions_mut().insert(Slot {
            _shared: Arc::new(0),
        });
        Box::pin(self.0.call(request))
    }
}
