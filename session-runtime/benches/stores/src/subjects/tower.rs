//! tower-sessions with its stores in PostgreSQL and Redis, its cookie signed.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use tower_sessions::cookie::Key;
use tower_sessions::cookie::time::Duration;
use tower_sessions::session::Error;
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};
use tower_sessions_redis_store::RedisStore;
use tower_sessions_redis_store::fred::prelude::{ClientLike, Config, Pool};
use tower_sessions_sqlx_store::PostgresStore;
use tower_sessions_sqlx_store::sqlx::postgres::PgPoolOptions;

use super::ours::Slow;
use super::{COUNTER, Gate, Profile, RACERS, SECRET, listen, profile, runtime, with_gate};

type Answer<T> = Result<T, StatusCode>;

pub(super) fn postgres(engine: u16) {
    runtime().block_on(async {
        let url = format!("postgres://postgres@127.0.0.1:{engine}/postgres");
        let pool = PgPoolOptions::new().max_connections(16).connect(&url).await;
        let store = PostgresStore::new(pool.expect("a server"));
        store.migrate().await.expect("migrated");
        serve(store).await;
    });
}

pub(super) fn redis(engine: u16) {
    runtime().block_on(async {
        let config = Config::from_url(&format!("redis://127.0.0.1:{engine}")).expect("a URL");
        let pool = Pool::new(config, None, None, None, 1).expect("a pool");
        pool.connect();
        pool.wait_for_connect().await.expect("a server");
        serve(RedisStore::new(pool)).await;
    });
}

async fn serve(store: impl SessionStore + Clone) {
    let layer = SessionManagerLayer::new(store)
        .with_name("session")
        .with_signed(Key::from(SECRET))
        .with_expiry(Expiry::OnInactivity(Duration::days(30)));
    let app = Router::new()
        .route("/sign-in", get(sign_in))
        .route("/read", get(read))
        .route("/write", get(write))
        .route("/slow", get(slow))
        .route("/count", get(count))
        .route("/has", get(has))
        .route("/sign-out", get(sign_out))
        .route("/untouched", get(|| async { "Ada Lovelace 7" }))
        .layer(layer);
    listen(with_gate(app)).await;
}

fn failed(_: Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn sign_in(session: Session) -> Answer<&'static str> {
    session.insert("uid", 7_i64).await.map_err(failed)?;
    session.insert("profile", profile()).await.map_err(failed)?;
    session.insert(COUNTER, 0_u64).await.map_err(failed)?;
    Ok("Ada Lovelace 7")
}

async fn read(session: Session) -> Answer<String> {
    let uid: Option<i64> = session.get("uid").await.map_err(failed)?;
    let profile: Option<Profile> = session.get("profile").await.map_err(failed)?;
    let (uid, profile) = uid.zip(profile).ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(format!("{} {uid}", profile.name))
}

async fn write(session: Session) -> Answer<String> {
    let counter: Option<u64> = session.get(COUNTER).await.map_err(failed)?;
    let counter = counter.ok_or(StatusCode::UNAUTHORIZED)? + 1;
    session.insert(COUNTER, counter).await.map_err(failed)?;
    Ok(format!("Ada Lovelace {counter}"))
}

async fn slow(
    State(gate): State<Arc<Gate>>,
    session: Session,
    Query(slow): Query<Slow>,
) -> Answer<()> {
    let _loaded: Option<i64> = session.get("uid").await.map_err(failed)?;
    gate.wait().await;
    session.insert(&slow.key, true).await.map_err(failed)
}

/// It has no call that counts exactly.
async fn count(State(gate): State<Arc<Gate>>, session: Session) -> Answer<()> {
    let _loaded: Option<u64> = session.get(COUNTER).await.map_err(failed)?;
    gate.wait().await;
    let counter: Option<u64> = session.get(COUNTER).await.map_err(failed)?;
    session
        .insert(COUNTER, counter.unwrap_or(0) + 1)
        .await
        .map_err(failed)
}

async fn has(session: Session) -> Answer<String> {
    let mut keys = 0;
    for racer in 0..RACERS {
        let key: Option<bool> = session.get(&format!("key{racer}")).await.map_err(failed)?;
        keys += u64::from(key.is_some());
    }
    let counter: Option<u64> = session.get(COUNTER).await.map_err(failed)?;
    let uid: Option<i64> = session.get("uid").await.map_err(failed)?;
    Ok(format!(
        "{keys} {} {}",
        counter.unwrap_or(0),
        uid.unwrap_or(0)
    ))
}

async fn sign_out(session: Session) -> Answer<()> {
    session.flush().await.map_err(failed)
}
