//! The service around each request and the future around each response.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::policy::Options;
use super::response;
use crate::codec::Incoming;
use crate::request::{Awaiting, Open, Outcome, RequestKey, Shared, current};
use crate::stripe::{Counted, StripedArc};

/// Gives each request a session; made by [`SessionLayer`](crate::SessionLayer).
#[derive(Clone)]
pub struct SessionService<S> {
    inner: S,
    shared: StripedArc<Shared>,
    options: Options,
}

impl<S> SessionService<S> {
    pub(super) fn new(inner: S, shared: Arc<Shared>, options: Options) -> Self {
        Self {
            inner,
            shared: StripedArc::new(shared),
            options,
        }
    }

    fn open<B>(&self, request: &mut Request<B>) -> Open {
        open(self.shared.counted(), request)
    }
}

/// Opens the entry of a request.
pub(super) fn open<B>(shared: &Counted<Shared>, request: &mut Request<B>) -> Open {
    let key = request.extensions().get::<RequestKey>();
    let key = key
        .map(|key| Arc::clone(&key.0))
        .filter(|entry| entry.is_open());
    let name = shared.codec.name();
    let same = key.as_ref().and_then(|entry| entry.named(name));
    let open = match (same, key) {
        (Some(same), _) if same.is_of(shared) => {
            shared.warn_of_clone();
            return Open::elsewhere();
        }
        (Some(_), Some(around)) => Open::conflict(shared, around),
        (_, key) => Open::new(shared, Incoming::of(request), key.or_else(current)),
    };
    if let Some(key) = open.key() {
        request.extensions_mut().insert(key);
    }
    open
}

impl<S, B, R> Service<Request<B>> for SessionService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut open = self.open(&mut request);
        let options = self.options;
        if let Some(loading) = open.begin_loading() {
            let waiting = Some(hold(&mut self.inner, request));
            return ResponseFuture {
                stage: Stage::Loading { loading, waiting },
                open,
                options,
            };
        }
        ResponseFuture {
            stage: Stage::Running {
                inner: run(&mut open, &mut self.inner, request),
            },
            open,
            options,
        }
    }
}

/// The service that is ready, with its request, to be called later; a clone takes its place (tower's documentation of
/// `Service`, "Be careful when cloning inner services").
pub(super) fn hold<S: Clone, B>(inner: &mut S, request: Request<B>) -> Box<(S, Request<B>)> {
    let clone = inner.clone();
    Box::new((core::mem::replace(inner, clone), request))
}

pub(super) fn run<S: Service<Request<B>>, B>(
    open: &mut Open,
    inner: &mut S,
    request: Request<B>,
) -> S::Future {
    let _current = open.enter();
    inner.call(request)
}

impl<S: fmt::Debug> fmt::Debug for SessionService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionService")
            .field("inner", &self.inner)
            .field("cookie", &self.shared.counted().codec.name())
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The response of a [`SessionService`]. The session is closed when this answers or is dropped.
    pub struct ResponseFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        stage: Stage<S, B, S::Future>,
        open: Open,
        options: Options,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<S, B, F> {
        Loading {
            loading: Awaiting,
            waiting: Option<Box<(S, Request<B>)>>,
        },
        Running {
            #[pin]
            inner: F,
        },
    }
}

impl<S, B, R> Future for ResponseFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let StageProjection::Loading { loading, waiting } = this.stage.as_mut().project() {
            let loaded = ready!(loading.as_mut().poll(cx));
            this.open.loaded(loaded);
            let waiting = waiting.take();
            let (mut service, request) = *waiting.expect("a future that panicked was polled again");
            let inner = run(this.open, &mut service, request);
            this.stage.set(Stage::Running { inner });
        }
        let StageProjection::Running { inner } = this.stage.project() else {
            unreachable!("the stage before ends in this one");
        };
        let current = this.open.enter();
        let mut result = ready!(inner.poll(cx));
        drop(current);
        let skipped = match &result {
            Ok(head) => this.options.save_policy.skips(head.status()),
            Err(_) => Some(Outcome::Skipped5xx),
        };
        #[cfg(feature = "dev")]
        this.open.responds(result.as_ref().ok());
        let closing = this.open.finish(skipped);
        if let Ok(head) = &mut result {
            response::apply(closing, head.headers_mut(), *this.options);
        }
        Poll::Ready(result)
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for ResponseFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
