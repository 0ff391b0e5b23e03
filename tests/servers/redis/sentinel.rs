//! A primary that Redis Sentinel watches.

use std::time::{Duration, Instant};

use http::StatusCode;
use session_runtime::Key;
use session_runtime::store::{RedisStore, StoreError};

use super::is_asked_for;
use crate::engines::redis::{DURABLE, Server};
use crate::exchange::Reply;
use crate::support::claims::Server as App;

const NAME: &str = "mymaster";
const COUNTER: Key<u64> = Key::new("counter");
/// How long a failover may take on two busy cores.
const BOUND: Duration = Duration::from_secs(60);

struct Watched {
    primary: Server,
    replica: Server,
    sentinel: Server,
}

impl Watched {
    /// A primary and its replica, watched by a Sentinel that waits a second.
    async fn start() -> Self {
        let primary = Server::start_with(&DURABLE).await;
        let port = primary.port().to_string();
        let replica = [
            "--replicaof",
            "127.0.0.1",
            &port,
            "--repl-diskless-sync-delay",
            "0",
        ];
        let replica = Server::start_with(&[&replica[..], &DURABLE].concat()).await;
        let lines = format!(
            "sentinel monitor {NAME} 127.0.0.1 {port} 1\nsentinel down-after-milliseconds {NAME} 1000\n"
        );
        let watched = Self {
            primary,
            replica,
            sentinel: Server::start_sentinel(&lines).await,
        };
        watched.is_known(&watched.replica).await;
        watched
    }

    /// Until the Sentinel knows the replica, whose copy is whole.
    async fn is_known(&self, replica: &Server) {
        let begun = Instant::now();
        while begun.elapsed() < BOUND {
            let known = self
                .sentinel
                .command(&format!("SENTINEL REPLICAS {NAME}"))
                .await;
            let info = replica
                .command("INFO replication")
                .await
                .unwrap_or_default();
            let port = replica.port().to_string();
            if known.is_ok_and(|known| known.contains(&port)) && info.contains("link_status:up") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the Sentinel does not know the replica");
    }

    async fn store(&self) -> RedisStore {
        let urls = ["redis://127.0.0.1:1/".to_owned(), self.sentinel.url()];
        let store = RedisStore::connect_sentinel(&format!("redis://{NAME}/"), urls).await;
        store
            .expect("a primary")
            .with_timeout(Duration::from_secs(1))
    }
}

async fn count(app: &App, cookie: &str) -> Reply<u64> {
    let add = |n: Option<u64>| n.unwrap_or(0) + 1;
    let count = async |session: session_runtime::Session| session.update_now(COUNTER, add).await;
    app.request(cookie, count).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_takes_the_primarys_place_is_found() {
    if !is_asked_for() {
        return;
    }
    let mut watched = Watched::start().await;
    let app = App::new(watched.store().await);
    let cookie = app.sign_in("watched").await;
    count(&app, &cookie).await.result.expect("counted");
    let sent = watched
        .primary
        .command("WAIT 1 5000")
        .await
        .expect("an answer");
    assert!(sent.starts_with(":1"), "the replica has it: {sent}");

    watched.primary.kill();
    let mut refused = 0;
    let begun = Instant::now();
    let counted = loop {
        let reply = count(&app, &cookie).await;
        if let Ok(counted) = reply.result {
            break counted;
        }
        refused += 1;
        assert!(reply.cookie().is_none(), "an outage touches no cookie");
        assert!(begun.elapsed() < BOUND, "no failover");
    };
    assert_eq!(counted, 2);
    assert!(refused > 0, "the primary died");
    assert_eq!(app.user(&cookie).await.as_deref(), Some("watched"));

    // The old one comes back as a replica, and takes no writes.
    watched.primary.restart().await;
    watched.is_known(&watched.primary).await;
    assert_eq!(count(&app, &cookie).await.result.expect("counted"), 3);
}

/// A server that was a primary when the connection was made answers READONLY; nothing is done, and it is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_became_a_replica_is_left() {
    if !is_asked_for() {
        return;
    }
    let (one, other) = (Server::start().await, Server::start().await);
    let store = RedisStore::connect(&one.url()).await.expect("a server");
    let app = App::new(store);
    app.sign_in("demoted").await;
    let demoted = one
        .command(&format!("REPLICAOF 127.0.0.1 {}", other.port()))
        .await;
    assert!(demoted.expect("an answer").starts_with("+OK"));
    let reply = app.request("", async |session| session.put("n", 1)).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.cookie().is_none());
    let promoted = one.command("REPLICAOF NO ONE").await;
    assert!(promoted.expect("an answer").starts_with("+OK"));
    app.sign_in("again").await;
}

#[tokio::test]
async fn a_name_that_no_sentinel_knows_is_told() {
    if !is_asked_for() {
        return;
    }
    let watched = Watched::start().await;
    let store = RedisStore::connect_sentinel("redis://other/", [watched.sentinel.url()]).await;
    let Err(StoreError::Unavailable(error)) = store else {
        panic!("{store:?}");
    };
    assert!(
        error
            .to_string()
            .contains("no Sentinel knows a primary `other`"),
        "{error}"
    );
}
