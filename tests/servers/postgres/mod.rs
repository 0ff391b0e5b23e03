//! Sessions in a real PostgreSQL.
//!
//! `SESSION_TEST_POSTGRES=1` runs it; the server or pgbouncer missing is a failure then.

#[cfg(feature = "tls")]
#[path = "../servers/certificates.rs"]
mod certificates;
#[path = "../servers/claims.rs"]
mod claims;
#[path = "../servers/conformance.rs"]
mod conformance;
#[path = "../servers/postgres.rs"]
mod engine;
mod failover;
mod faults;
mod feed;
#[path = "../servers/feed.rs"]
mod feed_claims;
mod full_disk;
mod lock;
mod migrations;
#[path = "../servers/proxy.rs"]
mod proxy;
mod room;
mod rows;
mod rules;
#[path = "../servers/mod.rs"]
mod servers;
#[path = "../servers/sizes.rs"]
mod sizes;
mod suite;
#[cfg(feature = "tls")]
mod tls;
#[path = "../servers/traffic.rs"]
mod traffic;
#[path = "../servers/trips.rs"]
mod trip_counts;
mod trips;

use std::time::Duration;

use engine::Server;
use session_runtime::store::PostgresStore;

/// For tests that are not about time: two busy cores may take their time.
const PATIENCE: Duration = Duration::from_secs(20);

fn is_asked_for() -> bool {
    servers::is_asked_for("SESSION_TEST_POSTGRES", "sessions in a real PostgreSQL")
}

/// A store of that server whose tables are there.
async fn store(url: &str) -> PostgresStore {
    let store = PostgresStore::connect(url).await.expect("a good URL");
    let store = store.with_timeout(PATIENCE);
    store.migrate().await.expect("migrated");
    store
}

async fn server_and_store() -> (Server, PostgresStore) {
    let server = Server::start().await;
    let store = store(&server.url()).await;
    (server, store)
}
