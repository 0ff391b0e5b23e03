//! The service around each request whose session is in a store: it is loaded before the handler and saved before the
//! response goes out.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::error::Error;
use crate::log;
use crate::middleware::policy::Options;
use crate::middleware::response;
use crate::middleware::service::{hold, open, run};
#[cfg(feature = "dev")]
use crate::request::Became;
use crate::request::{Awaiting, Closing, Ended, Open, Outcome, Saved, Saving, Shared, Unsaved};
use crate::stripe::{Counted, StripedArc};

/// Gives each request a session of a store; made by
/// [`StoredSessionLayer`](crate::StoredSessionLayer).
#[derive(Clone)]
pub struct StoredSessionService<S> {
    inner: S,
    shared: StripedArc<Shared>,
    options: Options,
}

impl<S> StoredSessionService<S> {
    pub(super) fn new(inner: S, shared: Arc<Shared>, options: Options) -> Self {
        Self {
            inner,
            shared: StripedArc::new(shared),
            options,
        }
    }
}

impl<S, B, R> Service<Request<B>> for StoredSessionService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone,
    R: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = StoredResponseFuture<S, B, R>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut open = open(self.shared.counted(), &mut request);
        let stage = match open.begin_loading() {
            Some(loading) => Stage::Loading {
                loading,
                waiting: Some(hold(&mut self.inner, request)),
            },
            None => Stage::Running {
                inner: run(&mut open, &mut self.inner, request),
            },
        };
        StoredResponseFuture {
            stage,
            open,
            options: self.options,
            shared: self.shared.counted().clone(),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for StoredSessionService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSessionService")
            .field("inner", &self.inner)
            .field("cookie", &self.shared.counted().codec.name())
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The response of a [`StoredSessionService`]: the session is loaded before the handler and saved before this
    /// answers. Dropped at any poll, it leaves the store consistent.
    pub struct StoredResponseFuture<S, B, R>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        stage: Stage<S, B, S::Future, Result<Response<R>, S::Error>>,
        open: Open,
        options: Options,
        shared: Counted<Shared>,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<S, B, F, R> {
        Loading {
            loading: Awaiting,
            waiting: Option<Box<(S, Request<B>)>>,
        },
        Running {
            #[pin]
            inner: F,
        },
        Saving {
            saving: Saving,
            result: Option<R>,
        },
    }
}

impl<S, B, R> Future for StoredResponseFuture<S, B, R>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Default,
{
    type Output = Result<Response<R>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.stage.as_mut().project() {
                StageProjection::Loading { loading, waiting } => {
                    let answer = ready!(loading.as_mut().poll(cx));
                    this.open.loaded(answer);
                    let waiting = waiting.take();
                    let (mut service, request) =
                        *waiting.expect("a future that panicked was polled again");
                    Stage::Running {
                        inner: run(this.open, &mut service, request),
                    }
                }
                StageProjection::Running { inner } => {
                    let current = this.open.enter();
                    let result = ready!(inner.poll(cx));
                    drop(current);
                    match ended(this.open, result, (*this.options, this.shared)) {
                        Ok((saving, result)) => Stage::Saving {
                            saving,
                            result: Some(result),
                        },
                        Err(answer) => return Poll::Ready(answer),
                    }
                }
                StageProjection::Saving { saving, result } => {
                    let saved = ready!(saving.as_mut().poll(cx));
                    let result = result.take();
                    let result = result.expect("it was not polled after it had answered");
                    #[cfg(feature = "dev")]
                    note(this.open, &saved);
                    return Poll::Ready(answer(result, saved, (*this.options, this.shared)));
                }
            };
            this.stage.set(next);
        }
    }
}

impl<S: Service<Request<B>>, B, R> fmt::Debug for StoredResponseFuture<S, B, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredResponseFuture")
            .finish_non_exhaustive()
    }
}

/// What the service answered.
type Answer<R, E> = Result<Response<R>, E>;
type ToSave<R, E> = (Saving, Answer<R, E>);

/// What is to be saved before the response goes out; or the answer at once.
fn ended<R: Default, E>(
    open: &mut Open,
    result: Result<Response<R>, E>,
    (options, shared): (Options, &Shared),
) -> Result<ToSave<R, E>, Answer<R, E>> {
    let skipped = match &result {
        Ok(head) => options.save_policy.skips(head.status()),
        Err(_) => Some(Outcome::Skipped5xx),
    };
    #[cfg(feature = "dev")]
    open.responds(result.as_ref().ok());
    let touched = match open.end(skipped) {
        Ended::Touched(saving) => return Ok((saving, result)),
        Ended::Settled(saved) => {
            let saved = Ok(saved);
            #[cfg(feature = "dev")]
            note(open, &saved);
            return Err(answer(result, saved, (options, shared)));
        }
        Ended::Unavailable => true,
        Ended::Untouched => false,
    };
    #[cfg(feature = "dev")]
    open.note(
        if touched {
            Became::Unavailable
        } else {
            Became::Untouched
        },
        None,
    );
    let closing = Closing {
        touched,
        ..Closing::default()
    };
    Err(result.map(|mut response| {
        response::apply(closing, response.headers_mut(), options);
        response
    }))
}

#[cfg(feature = "dev")]
fn note(open: &mut Open, saved: &Result<Saved, Unsaved>) {
    match saved {
        Ok(saved) => open.note(Became::Closed(saved.outcome), saved.set_cookies.as_ref()),
        Err(unsaved) => open.note(Became::NotSaved, unsaved.set_cookies.as_ref()),
    }
}

/// The response with what became of the session, or the one that takes its place. A failure of the service stays one.
fn answer<R: Default, E>(
    result: Result<Response<R>, E>,
    saved: Result<Saved, Unsaved>,
    (options, shared): (Options, &Shared),
) -> Result<Response<R>, E> {
    let cookie = shared.codec.name();
    match &saved {
        Ok(saved) => {
            shared.counters.closed(saved.outcome);
            log::closed(cookie, saved.outcome.as_str());
        }
        Err(unsaved) => {
            shared.counters.not_saved();
            log::not_saved(cookie, &unsaved.error);
        }
    }
    let mut response = result?;
    let closing = match saved {
        Ok(saved) => Closing {
            touched: true,
            ended: matches!(saved.outcome, Outcome::Destroyed | Outcome::Restarted),
            set_cookies: saved.set_cookies,
            #[cfg(feature = "dev")]
            outcome: None,
        },
        Err(unsaved) => {
            response = refusal(unsaved.error);
            Closing {
                touched: true,
                ended: unsaved.ended,
                set_cookies: unsaved.set_cookies,
                #[cfg(feature = "dev")]
                outcome: None,
            }
        }
    };
    response::apply(closing, response.headers_mut(), options);
    Ok(response)
}

/// An empty response instead of one for changes that are not in the store; it carries the error.
fn refusal<R: Default>(error: Error) -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = error.status();
    response.extensions_mut().insert(Arc::new(error));
    response
}
