//! What checks are made of: their outcome, their rows and writes, and futures that run side by side.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use super::Suite;
use crate::random::fill_random;
use crate::store::{
    Create, Created, List, Listed, Loaded, OwnerId, Replace, Row, Save, SessionStore, StoreError,
    StoreId, WriteId,
};

pub(super) type Check<T = ()> = Result<T, Failure>;

/// Why a check failed.
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// Fails the check unless the answer is the expected one.
pub(super) fn expect<T: fmt::Debug + PartialEq>(what: &str, found: T, expected: &T) -> Check {
    if found == *expected {
        return Ok(());
    }
    Err(Failure(format!(
        "{what}: found {found:?}, not {expected:?}"
    )))
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill_random(&mut bytes).expect("the operating system has random bytes");
    bytes
}

pub(super) fn id() -> StoreId {
    StoreId::from_bytes(random())
}

pub(super) fn owner() -> OwnerId {
    OwnerId::from_bytes(random())
}

pub(super) fn version() -> WriteId {
    WriteId::from_bytes(random())
}

pub(super) const HOUR: Duration = Duration::from_secs(3_600);

/// The row with another payload, as the next write makes it.
pub(super) fn next(row: &Row, payload: &str) -> Row {
    Row {
        version: version(),
        payload: payload.as_bytes().to_vec(),
        ..row.clone()
    }
}

/// A save of `row` on top of the version that is expected.
pub(super) fn save_of(id: StoreId, expected: &Row, row: Row) -> Save {
    Save {
        id,
        expected: expected.version,
        filed: expected.owner,
        begin: row.seen_at,
        row,
        moves_end: false,
    }
}

/// A renewal of the row to a new id.
pub(super) fn renewal_of(old: StoreId, row: &Row, keeps_old: bool) -> Replace {
    Replace {
        old,
        expected: row.version,
        keeps_old,
        new: id(),
        row: next(row, "renewed"),
        earlier: None,
        begin: row.seen_at,
    }
}

impl<S: SessionStore> Suite<S> {
    pub(super) fn row(&self, owner: Option<OwnerId>) -> Row {
        let now = self.now();
        Row {
            version: version(),
            payload: b"first".to_vec(),
            owner,
            label: None,
            born: now,
            seen_at: now,
            expires_at: now + HOUR,
        }
    }

    pub(super) fn creation(&self, owner: Option<OwnerId>) -> Create {
        Create {
            id: id(),
            row: self.row(owner),
            begin: self.now(),
        }
    }

    /// A session that is there.
    pub(super) async fn session(&self, owner: Option<OwnerId>) -> Check<(StoreId, Row)> {
        let create = self.creation(owner);
        expect(
            "a creation",
            self.one().create(&create).await?,
            &Created::Done,
        )?;
        Ok((create.id, create.row))
    }

    /// What the other server loads.
    pub(super) async fn loaded(&self, what: &str, id: &StoreId, expected: &Loaded) -> Check {
        expect(what, self.other().load(id).await?, expected)
    }

    /// Fails where the id has a session that takes writes.
    pub(super) async fn no_session(&self, what: &str, id: &StoreId) -> Check {
        match self.other().load(id).await? {
            Loaded::Row(_) => Err(Failure(format!("{what}: there is a session"))),
            _ => Ok(()),
        }
    }

    pub(super) async fn listed(&self, owner: OwnerId, limit: usize) -> Check<Vec<Listed>> {
        let now = self.now();
        Ok(self.other().list(&List { owner, now, limit }).await?)
    }

    pub(super) async fn ids_of(&self, owner: OwnerId) -> Check<Vec<StoreId>> {
        let mut ids: Vec<StoreId> = self
            .listed(owner, 1_000)
            .await?
            .iter()
            .map(|listed| listed.id)
            .collect();
        ids.sort();
        Ok(ids)
    }

    /// A time at which no request that begins now is refused, however long the check takes.
    pub(super) fn later(&self) -> SystemTime {
        self.now() + HOUR
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Begins all before it awaits one.
pub(super) struct Together<'a, T> {
    running: Vec<Option<Boxed<'a, T>>>,
    done: Vec<Option<T>>,
}

pub(super) fn together<'a, T, F: Future<Output = T> + Send + 'a>(
    all: impl IntoIterator<Item = F>,
) -> Together<'a, T> {
    let running: Vec<_> = all
        .into_iter()
        .map(|one| Some(Box::pin(one) as Boxed<'a, T>))
        .collect();
    let done = running.iter().map(|_| None).collect();
    Together { running, done }
}

impl<T> Unpin for Together<'_, T> {}

impl<T> Future for Together<'_, T> {
    type Output = Vec<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<T>> {
        let this = self.get_mut();
        for (running, done) in this.running.iter_mut().zip(&mut this.done) {
            if let Some(future) = running
                && let Poll::Ready(answer) = future.as_mut().poll(cx)
            {
                *done = Some(answer);
                *running = None;
            }
        }
        if this.running.iter().any(Option::is_some) {
            return Poll::Pending;
        }
        Poll::Ready(
            core::mem::take(&mut this.done)
                .into_iter()
                .flatten()
                .collect(),
        )
    }
}

/// Polls the future so often and drops it; whether it ended by itself.
pub(super) async fn dropped_after<T>(polls: usize, future: impl Future<Output = T> + Send) -> bool {
    let mut future = Box::pin(future);
    let mut left = polls;
    core::future::poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        let ended = future.as_mut().poll(cx).is_ready();
        if ended || left == 0 {
            return Poll::Ready(ended);
        }
        Poll::Pending
    })
    .await
}
