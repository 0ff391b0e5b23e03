//! The service around each request and the future around each response.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::cache;
use super::policy::SavePolicy;
use crate::log;
use crate::request::{Closing, Cookies, Open, RequestKey, Shared, current};

/// What the layer decides about responses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) save_policy: SavePolicy,
    pub(super) cache_headers: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            save_policy: SavePolicy::default(),
            cache_headers: true,
        }
    }
}

/// Gives each request a session; made by [`SessionLayer`](crate::SessionLayer).
#[derive(Clone)]
pub struct SessionService<S> {
    inner: S,
    shared: Arc<Shared>,
    options: Options,
}

impl<S> SessionService<S> {
    pub(super) fn new(inner: S, shared: Arc<Shared>, options: Options) -> Self {
        Self {
            inner,
            shared,
            options,
        }
    }

    fn open<B>(&self, request: &mut Request<B>) -> Open {
        let key = request.extensions().get::<RequestKey>();
        let key = key
            .map(|key| Arc::clone(&key.0))
            .filter(|entry| entry.is_open());
        let name = self.shared.wire.name();
        if key.as_ref().and_then(|entry| entry.named(name)).is_some() {
            log::nested(name);
            return Open::elsewhere();
        }
        let cookies = Cookies::of(request.headers());
        let open = Open::new(&self.shared, cookies, key.or_else(current));
        if let Some(key) = open.key() {
            request.extensions_mut().insert(key);
        }
        open
    }
}

impl<S, B, R> Service<Request<B>> for SessionService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut open = self.open(&mut request);
        let current = open.enter();
        let inner = self.inner.call(request);
        drop(current);
        ResponseFuture {
            inner,
            open,
            options: self.options,
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for SessionService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionService")
            .field("inner", &self.inner)
            .field("cookie", &self.shared.wire.name())
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The response of a [`SessionService`]. The session is closed when this answers or is dropped.
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        open: Open,
        options: Options,
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let current = this.open.enter();
        let result = ready!(this.inner.poll(cx));
        drop(current);
        let saves = |response: &Response<R>| this.options.save_policy.saves(response.status());
        let closing = this.open.finish(result.as_ref().is_ok_and(saves));
        Poll::Ready(result.map(|mut response| {
            apply(closing, response.headers_mut(), this.options.cache_headers);
            response
        }))
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

fn apply(closing: Closing, headers: &mut HeaderMap, cache_headers: bool) {
    if closing.touched && cache_headers {
        cache::mark(headers, closing.set_cookie.is_some());
    }
    if let Some(cookie) = closing.set_cookie {
        remove_same(headers, &cookie);
        headers.append(SET_COOKIE, cookie);
    }
}

/// Exactly one cookie of our name: one that the handler set by itself gives way.
fn remove_same(headers: &mut HeaderMap, ours: &HeaderValue) {
    let name = |cookie: &HeaderValue| {
        let name = cookie.as_bytes().split(|&byte| byte == b'=').next();
        name.unwrap_or_default().trim_ascii().to_vec()
    };
    let our_name = name(ours);
    if headers
        .get_all(SET_COOKIE)
        .iter()
        .any(|cookie| name(cookie) == our_name)
    {
        let others: Vec<HeaderValue> = headers
            .get_all(SET_COOKIE)
            .iter()
            .filter(|cookie| name(cookie) != our_name)
            .cloned()
            .collect();
        headers.remove(SET_COOKIE);
        for cookie in others {
            headers.append(SET_COOKIE, cookie);
        }
    }
}
