//! Sessions in a real Redis.
//!
//! `SESSION_TEST_REDIS=1` runs it; the server missing is a failure then.

#[cfg(feature = "tls")]
#[expect(dead_code, reason = "each engine uses its own part")]
#[path = "../servers/certificates.rs"]
mod certificates;
#[path = "../servers/claims.rs"]
mod claims;
mod cluster;
#[path = "../servers/redis_cluster.rs"]
mod cluster_of_six;
#[path = "../servers/conformance.rs"]
mod conformance;
#[path = "../servers/redis.rs"]
mod engine;
mod failover;
mod faults;
mod feed;
#[path = "../servers/feed.rs"]
mod feed_claims;
#[path = "../servers/proxy.rs"]
mod proxy;
mod room;
mod sentinel;
#[expect(dead_code, reason = "each engine uses its own part")]
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
use session_runtime::store::RedisStore;

/// For tests that are not about time: two busy cores may take their time.
const PATIENCE: Duration = Duration::from_secs(20);

fn is_asked_for() -> bool {
    servers::is_asked_for("SESSION_TEST_REDIS", "sessions in a real Redis")
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
