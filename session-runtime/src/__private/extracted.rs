//! What an extractor of a handle answers: at once, or after the session was loaded.

use core::pin::Pin;
use core::task::{Context, Poll};

use crate::session::Session;

/// Ends with the handle.
#[derive(Debug)]
pub struct Extracted<T, R> {
    result: Option<Result<T, R>>,
    loading: Loading,
}

impl<T, R> Extracted<T, R> {
    pub(super) fn new(session: Result<Session, R>, into: fn(Session) -> T) -> Self {
        Self {
            loading: Loading::of(session.as_ref().ok()),
            result: Some(session.map(into)),
        }
    }
}

impl<T, R> Extracted<Option<T>, R> {
    pub(super) fn optional(session: Option<Session>, into: fn(Session) -> T) -> Self {
        Self {
            loading: Loading::of(session.as_ref()),
            result: Some(Ok(session.map(into))),
        }
    }
}

// What is extracted is never pinned.
impl<T, R> Unpin for Extracted<T, R> {}

impl<T, R> Future for Extracted<T, R> {
    type Output = Result<T, R>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        core::task::ready!(self.loading.poll(cx));
        let result = self.result.take();
        Poll::Ready(result.expect("it was not polled after it had answered"))
    }
}

#[cfg(not(feature = "store"))]
#[derive(Debug)]
struct Loading;

#[cfg(not(feature = "store"))]
impl Loading {
    fn of(_: Option<&Session>) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "there is nothing to load")]
    fn poll(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

#[cfg(feature = "store")]
struct Loading(Option<Pin<Box<dyn Future<Output = ()> + Send>>>);

#[cfg(feature = "store")]
impl Loading {
    fn of(session: Option<&Session>) -> Self {
        let waits = session.filter(|session| session.must_load());
        Self(waits.cloned().map(|session| {
            // What fails is told by every call of the session.
            let loaded = async move { drop(session.load().await) };
            Box::pin(loaded) as Pin<Box<dyn Future<Output = ()> + Send>>
        }))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.0 {
            Some(loading) => loading.as_mut().poll(cx),
            None => Poll::Ready(()),
        }
    }
}

#[cfg(feature = "store")]
impl core::fmt::Debug for Loading {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Loading(..)")
    }
}
