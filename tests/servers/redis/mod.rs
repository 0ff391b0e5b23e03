//! Sessions in a real Redis.
//!
//! `SESSION_TEST_REDIS=1` runs it; the server missing is a failure then.

mod cluster;
mod failover;
mod faults;
mod feed;
mod login;
mod room;
mod sentinel;
mod suite;
#[cfg(feature = "tls")]
mod tls;
mod trips;

use session_runtime::store::RedisStore;

use crate::engines::redis::Server;
use crate::support::{self, PATIENCE};

fn is_asked_for() -> bool {
    support::is_asked_for("SESSION_TEST_REDIS", "sessions in a real Redis")
}

async fn store(url: &str) -> RedisStore {
    let store = RedisStore::connect(url).await.expect("a server");
    store.with_timeout(PATIENCE)
}

async fn server_and_store() -> (Server, RedisStore) {
    let server = Server::start().await;
    let store = store(&server.url()).await;
    (server, store)
}
