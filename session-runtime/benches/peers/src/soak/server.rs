//! One application over any session: handlers that answer, panic, outlast their client, their time and their response.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::routing::get;
use futures_util::stream;
use http::StatusCode;
use tokio::time::sleep;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::account::UID;
use crate::subjects::ours;

/// What every handler does with its session.
pub trait Visited: FromRequestParts<()> + Clone + Send + Sync + 'static {
    /// Reads and writes it. After the response the result does not matter.
    fn touch(&self) -> impl Future<Output = ()> + Send;
}

impl Visited for session_runtime::Session {
    async fn touch(&self) {
        let _ = self.update("uid", |uid: Option<i64>| uid.unwrap_or(UID) + 1);
    }
}

impl Visited for tower_sessions::Session {
    async fn touch(&self) {
        let uid: Option<i64> = self.get("uid").await.ok().flatten();
        let _ = self.insert("uid", uid.unwrap_or(UID) + 1).await;
    }
}

/// session-runtime, with `/live`: how many requests its store holds.
pub fn ours() -> Router {
    let layer = ours::layer();
    let store = layer.requests().clone();
    guarded(routes::<session_runtime::Session>().layer(layer))
        .route("/live", get(async move || store.len().to_string()))
}

/// tower-sessions with its memory store.
pub fn tower_sessions() -> Router {
    let layer = tower_sessions::SessionManagerLayer::new(tower_sessions::MemoryStore::default());
    guarded(routes::<tower_sessions::Session>().layer(layer)).route("/live", get("0"))
}

fn guarded(router: Router) -> Router {
    let timeout =
        TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_millis(5));
    router.layer(timeout).layer(CatchPanicLayer::new())
}

fn routes<S: Visited>() -> Router {
    Router::new()
        .route("/plain", get(async |session: S| session.touch().await))
        .route("/panic", get(panics::<S>))
        .route("/slow", get(slow::<S>))
        .route("/detached", get(detached::<S>))
        .route("/stream", get(streams::<S>))
}

async fn panics<S: Visited>(session: S) {
    session.touch().await;
    panic!("as every tenth request does");
}

/// For clients that do not wait and for the timeout.
async fn slow<S: Visited>(session: S) {
    session.touch().await;
    sleep(Duration::from_secs(1)).await;
    session.touch().await;
}

async fn detached<S: Visited>(session: S) {
    session.touch().await;
    tokio::spawn(async move {
        sleep(Duration::from_millis(20)).await;
        session.touch().await;
    });
}

async fn streams<S: Visited>(session: S) -> Body {
    session.touch().await;
    Body::from_stream(stream::unfold((session, 0), async |(session, sent)| {
        if sent == 3 {
            return None;
        }
        tokio::task::yield_now().await;
        session.touch().await;
        Some((
            Ok::<_, Infallible>(Bytes::from_static(b"chunk\n")),
            (session, sent + 1),
        ))
    }))
}
