//! Sessions in a real PostgreSQL.
//!
//! `SESSION_TEST_POSTGRES=1` runs it; the server or pgbouncer missing is a failure then.

mod failover;
mod faults;
mod feed;
mod full_disk;
mod lock;
mod login;
mod migrations;
mod room;
mod rows;
mod rules;
mod suite;
#[cfg(feature = "tls")]
mod tls;
mod trips;

use session_runtime::store::{PostgresStore, SessionStore, StoreError, StoreId};

use crate::engines::postgres::Server;
use crate::support::{self, PATIENCE};

fn is_asked_for() -> bool {
    support::is_asked_for("SESSION_TEST_POSTGRES", "sessions in a real PostgreSQL")
}

/// A store of that server whose tables are there.
async fn store(url: &str) -> PostgresStore {
    let store = PostgresStore::connect(url).await.expect("a good URL");
    let store = store.with_timeout(PATIENCE);
    store.migrate().await.expect("migrated");
    store
}

/// Makes the tables and loads a session that is not there.
async fn used(store: PostgresStore) -> Result<(), StoreError> {
    let store = store.with_timeout(PATIENCE);
    store.migrate().await?;
    store.load(&StoreId::from_bytes([1; 32])).await.map(|_| ())
}

async fn server_and_store() -> (Server, PostgresStore) {
    let server = Server::start().await;
    let store = store(&server.url()).await;
    (server, store)
}
