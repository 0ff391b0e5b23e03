//! A server whose sessions are in a store that can be told to fail, to yield and to count, and browsers that keep its
//! cookie.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use session_runtime::store::{
    Create, Created, Destroyed, List, Listed, Loaded, MemoryStore, Notice, Notices, OwnerId,
    Replace, Row, Save, Saved, SessionStore, StoreError, StoreId, Touch, Touched,
};
use session_runtime::{
    CookieStoreConfig, Key, KeyInfo, Result, Session, SessionData, SessionLayer, StoredSessionLayer,
};

use super::support::{KEY, NAME, Visitor};
use crate::exchange::{self, Reply, exchange};

pub(crate) use super::support::{Clock, MAX_AGE, START};

pub(crate) const UID: Key<i64> = Key::new("uid");
pub(crate) const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash());

/// A layer with an owner key.
#[derive(SessionData)]
pub(crate) struct Account {
    #[session(owner)]
    pub(crate) user: String,
}

pub(crate) fn config() -> CookieStoreConfig {
    CookieStoreConfig::new(NAME, KEY).with_max_age(Duration::from_secs(MAX_AGE))
}

/// What the store does with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Works,
    /// Nothing is done.
    Unreached,
    /// Done, and the answer is lost.
    AnswerLost,
    /// The row can't be read.
    Corrupt,
}

/// The store in memory behind a line that can be cut.
#[derive(Clone)]
pub(crate) struct Line {
    engine: Arc<MemoryStore>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    down: AtomicBool,
    yields: AtomicBool,
    next: Mutex<VecDeque<Turn>>,
    trips: AtomicUsize,
    written: AtomicUsize,
    writes: AtomicUsize,
}

impl Line {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            engine: Arc::new(MemoryStore::new().with_clock(clock.reader())),
            state: Arc::default(),
        }
    }

    pub(crate) fn cut(&self, is_down: bool) {
        self.state.down.store(is_down, Ordering::SeqCst);
    }

    /// Lets each call be pending once before and once after its work.
    pub(crate) fn yields(&self) {
        self.state.yields.store(true, Ordering::SeqCst);
    }

    pub(crate) fn next(&self, turns: impl IntoIterator<Item = Turn>) {
        self.state.next.lock().unwrap().extend(turns);
    }

    /// How many sessions are there.
    pub(crate) fn rows(&self) -> usize {
        self.engine.len()
    }

    /// Bytes of the payload that was sent last.
    pub(crate) fn written(&self) -> usize {
        self.state.written.load(Ordering::SeqCst)
    }

    /// Rows that were written since the last call.
    pub(crate) fn writes(&self) -> usize {
        self.state.writes.swap(0, Ordering::SeqCst)
    }

    fn done(&self, is_done: bool) {
        let done = usize::from(is_done);
        self.state.writes.fetch_add(done, Ordering::SeqCst);
    }

    fn note(&self, row: &Row) {
        self.state
            .written
            .store(row.payload.len(), Ordering::SeqCst);
    }

    /// Forgets what was to happen next.
    pub(crate) fn calm(&self) {
        self.state.next.lock().unwrap().clear();
    }

    /// Trips since the last call.
    pub(crate) fn trips(&self) -> usize {
        self.state.trips.swap(0, Ordering::SeqCst)
    }

    async fn call<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.state.trips.fetch_add(1, Ordering::SeqCst);
        let next = self.state.next.lock().unwrap().pop_front();
        let yields = self.state.yields.load(Ordering::SeqCst);
        if yields {
            tokio::task::yield_now().await;
        }
        if self.state.down.load(Ordering::SeqCst) || next == Some(Turn::Unreached) {
            return Err(StoreError::unavailable("the line is cut"));
        }
        if next == Some(Turn::Corrupt) {
            return Err(StoreError::corrupt("no JSON"));
        }
        let answer = work.await;
        if yields {
            tokio::task::yield_now().await;
        }
        if next == Some(Turn::AnswerLost) {
            return Err(StoreError::in_doubt("the line was cut meanwhile"));
        }
        answer
    }
}

impl SessionStore for Line {
    async fn load(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        self.call(self.engine.load(id)).await
    }
    async fn create(&self, create: &Create) -> Result<Created, StoreError> {
        self.note(&create.row);
        let answer = self.call(self.engine.create(create)).await?;
        self.done(answer == Created::Done);
        Ok(answer)
    }
    async fn save(&self, save: &Save) -> Result<Saved, StoreError> {
        self.note(&save.row);
        let answer = self.call(self.engine.save(save)).await?;
        self.done(answer == Saved::Done);
        Ok(answer)
    }
    async fn replace(&self, replace: &Replace) -> Result<Saved, StoreError> {
        self.note(&replace.row);
        let answer = self.call(self.engine.replace(replace)).await?;
        self.done(answer == Saved::Done);
        Ok(answer)
    }
    async fn touch(&self, touch: &Touch) -> Result<Touched, StoreError> {
        self.call(self.engine.touch(touch)).await
    }
    async fn destroy(&self, id: &StoreId) -> Result<Destroyed, StoreError> {
        self.call(self.engine.destroy(id)).await
    }
    async fn list(&self, list: &List) -> Result<Vec<Listed>, StoreError> {
        self.call(self.engine.list(list)).await
    }
    async fn destroy_owner(&self, owner: &OwnerId, except: &[StoreId]) -> Result<u64, StoreError> {
        self.call(self.engine.destroy_owner(owner, except)).await
    }
    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        self.call(self.engine.publish(notice)).await
    }
    async fn published(&self, since: Option<SystemTime>) -> Result<Notices, StoreError> {
        self.call(self.engine.published(since)).await
    }
    async fn sweep(&self) -> Result<u64, StoreError> {
        self.call(self.engine.sweep()).await
    }
}

/// Polls the call so often and drops it then; its answer, where there was one by then.
pub(crate) async fn polled<T>(polls: usize, call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    let mut polled = 0;
    poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        call.as_mut().poll(context).map(Some)
    })
    .await
}

/// Lets tasks that go on by themselves come to their end.
pub(crate) async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

/// A visitor whose calls are awaited and may fail, of a server whose store can be told to. A clone is another copy of
/// the browser with the cookie that it has now.
#[derive(Clone)]
pub(crate) struct Browser {
    visitor: Visitor,
    pub(crate) line: Line,
    /// Asked in place of the other, where sessions are in cookies.
    pub(crate) in_cookies: Option<SessionLayer>,
    pub(crate) status: StatusCode,
    /// Whether the last response was the handler's own.
    pub(crate) is_page: bool,
}

impl Deref for Browser {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl DerefMut for Browser {
    fn deref_mut(&mut self) -> &mut Visitor {
        &mut self.visitor
    }
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self::of(config(), |layer| layer)
    }

    /// Of a layer that declares an owner key.
    pub(crate) fn with_owner() -> Self {
        Self::of(config(), |layer| layer.with_data::<Account>().unwrap())
    }

    pub(crate) fn of(
        config: CookieStoreConfig,
        change: impl FnOnce(StoredSessionLayer) -> StoredSessionLayer,
    ) -> Self {
        let visitor = Visitor::of(config);
        Self {
            line: visitor.place.line().clone(),
            visitor: Visitor {
                layer: change(visitor.layer),
                ..visitor
            },
            in_cookies: None,
            status: StatusCode::OK,
            is_page: false,
        }
    }

    /// A browser whose session holds a uid; the store's trips so far are forgotten.
    pub(crate) async fn signed_in() -> Self {
        let mut browser = Self::new();
        browser
            .visit(async |session| session.put(UID, 7))
            .await
            .unwrap();
        browser.line.trips();
        browser
    }

    pub(crate) async fn visit<R>(
        &mut self,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> Result<R> {
        self.answered(StatusCode::OK, calls).await
    }

    pub(crate) async fn answered<R>(
        &mut self,
        status: StatusCode,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> Result<R> {
        let reply = self.unseen(status, calls).await;
        (self.status, self.is_page) = (reply.status, reply.is_page);
        self.note(reply.headers);
        reply.result
    }

    /// A request whose response the browser does not see.
    pub(crate) async fn unseen<R>(
        &self,
        status: StatusCode,
        calls: impl AsyncFnOnce(Session) -> Result<R>,
    ) -> Reply<R> {
        let (request, head) = (self.request(), exchange::head(status));
        match &self.in_cookies {
            Some(layer) => exchange(layer, request, head, calls).await,
            None => exchange(&self.layer, request, head, calls).await,
        }
    }

    pub(crate) fn set_cookie(&self) -> Option<&str> {
        self.answer.session_cookie()
    }

    pub(crate) fn removes(&self) -> bool {
        self.answer.removes()
    }

    pub(crate) async fn uid(&mut self) -> Option<i64> {
        self.visit(async |session| session.get(UID)).await.unwrap()
    }
}
