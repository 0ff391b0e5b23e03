//! How many trips each kind of request takes.

use http::StatusCode;
use session_runtime::{Result, Session};

use super::claims::{Account, Server as App};
use crate::exchange::Reply;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trips {
    /// A read without a cookie.
    pub(crate) none: usize,
    /// A sign-in of a new visitor.
    pub(crate) fresh: usize,
    pub(crate) reading: usize,
    pub(crate) writing: usize,
    /// A sign-in of a visitor who has a session already, which gets a new id.
    pub(crate) signing_in: usize,
    pub(crate) untouched: usize,
    pub(crate) signing_out: usize,
}

/// Counts them by what `trips` says the engine was asked so far.
pub(crate) async fn of_each_kind<F: Future<Output = usize>>(
    app: &App,
    trips: impl Fn() -> F,
) -> Trips {
    let counter = Counter { app, trips };
    let sign_in = async |session: Session| session.put(Account::USER, "ada".to_owned());
    let read = async |session: Session| session.get(Account::USER);
    let write = async |session: Session| session.put("n", 1);

    let (_, none) = counter.counted("", read).await;
    let (reply, fresh) = counter.counted("", sign_in).await;
    let cookie = reply.cookie().expect("signed in");
    let (reply, reading) = counter.counted(&cookie, read).await;
    assert_eq!(reply.result.expect("loaded").as_deref(), Some("ada"));
    let (_, writing) = counter.counted(&cookie, write).await;

    let (reply, _) = counter.counted("", write).await;
    let anonymous = reply.cookie().expect("a session");
    let (_, signing_in) = counter.counted(&anonymous, sign_in).await;
    let (reply, _) = counter.counted("", write).await;
    let anonymous = reply.cookie().expect("a session");
    let renewed = async |session: Session| {
        session.renew()?;
        sign_in(session).await
    };
    let (_, by_hand) = counter.counted(&anonymous, renewed).await;
    assert_eq!(by_hand, signing_in, "the owner renews by itself");
    let (_, untouched) = counter.counted(&cookie, async |_| Ok(())).await;
    let out = async |session: Session| session.destroy();
    let (_, signing_out) = counter.counted(&cookie, out).await;
    Trips {
        none,
        fresh,
        reading,
        writing,
        signing_in,
        untouched,
        signing_out,
    }
}

struct Counter<'a, T> {
    app: &'a App,
    trips: T,
}

impl<T: Fn() -> F, F: Future<Output = usize>> Counter<'_, T> {
    /// The reply, and how many trips it took.
    async fn counted<R>(
        &self,
        cookie: &str,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> (Reply<R>, usize) {
        let before = (self.trips)().await;
        let reply = self.app.request(cookie, calls).await;
        assert_eq!(reply.status, StatusCode::OK);
        (reply, (self.trips)().await - before)
    }
}
