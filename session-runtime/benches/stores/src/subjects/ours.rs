//! session-runtime, and axum without it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use session_runtime::store::{PostgresStore, RedisStore, SessionStore};
use session_runtime::{CookieStoreConfig, Key, Result, SecretKeys, Session, SessionLayer};

use super::{Gate, Profile, RACERS, SECRET, listen, profile, runtime, with_gate};

const UID: Key<i64> = Key::new("uid");
const PROFILE: Key<Profile> = Key::new("profile");
const COUNTER: Key<u64> = Key::new(super::COUNTER);

pub(super) fn bare(_engine: u16) {
    let text = || async { "Ada Lovelace 7" };
    let app = ["/untouched", "/sign-in", "/read", "/write"]
        .into_iter()
        .fold(Router::new(), |app, path| app.route(path, get(text)));
    runtime().block_on(listen(app));
}

pub(super) fn postgres(engine: u16) {
    runtime().block_on(async {
        let url = format!("postgres://postgres@127.0.0.1:{engine}/postgres");
        let store = PostgresStore::connect(&url).await.expect("a server");
        let store = store.with_pool_size(super::RACERS * 2);
        store.migrate().await.expect("migrated");
        serve(store).await;
    });
}

pub(super) fn redis(engine: u16) {
    runtime().block_on(async {
        let store = RedisStore::connect(&format!("redis://127.0.0.1:{engine}/")).await;
        serve(store.expect("a server").with_prefix("ours:")).await;
    });
}

async fn serve(store: impl SessionStore) {
    let key = SecretKeys::from(core::str::from_utf8(&SECRET[..44]).expect("text"));
    let layer = SessionLayer::new(CookieStoreConfig::new("session", key));
    let layer = layer.expect("a good configuration").with_store(store);
    let app = Router::new()
        .route("/sign-in", get(sign_in))
        .route("/read", get(read))
        .route("/write", get(write))
        .route("/slow", get(slow))
        .route("/count", get(count))
        .route("/has", get(has))
        .route(
            "/sign-out",
            get(|session: Session| async move { session.destroy() }),
        )
        .route("/untouched", get(|| async { "Ada Lovelace 7" }))
        .layer(layer.expect("a good configuration"));
    listen(with_gate(app)).await;
}

async fn sign_in(session: Session) -> Result<&'static str> {
    session.put(UID, 7)?;
    session.put(PROFILE, profile())?;
    session.put(COUNTER, 0)?;
    Ok("Ada Lovelace 7")
}

async fn read(session: Session) -> Result<String> {
    let (uid, profile) = (session.require(UID)?, session.require(PROFILE)?);
    Ok(format!("{} {uid}", profile.name))
}

async fn write(session: Session) -> Result<String> {
    let counter = session.require(COUNTER)? + 1;
    session.put(COUNTER, counter)?;
    Ok(format!("Ada Lovelace {counter}"))
}

#[derive(serde::Deserialize)]
pub(super) struct Slow {
    pub(super) key: String,
}

async fn slow(
    State(gate): State<Arc<Gate>>,
    session: Session,
    Query(slow): Query<Slow>,
) -> Result<()> {
    session.get(UID)?;
    gate.wait().await;
    session.put(slow.key, true)
}

async fn count(State(gate): State<Arc<Gate>>, session: Session) -> Result<()> {
    session.get(COUNTER)?;
    gate.wait().await;
    session
        .update_now(COUNTER, |n| n.unwrap_or(0) + 1)
        .await
        .map(drop)
}

async fn has(session: Session) -> Result<String> {
    let mut keys = 0;
    for racer in 0..RACERS {
        keys += u64::from(session.contains(format!("key{racer}"))?);
    }
    let (uid, counter) = (
        session.get(UID)?.unwrap_or(0),
        session.get(COUNTER)?.unwrap_or(0),
    );
    Ok(format!("{keys} {counter} {uid}"))
}
