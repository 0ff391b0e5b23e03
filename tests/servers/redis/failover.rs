//! What takes long, by one command:
//! `SESSION_TEST_REDIS=1 cargo test --test servers redis:: -- --ignored --nocapture --test-threads=1`. Its counts are in
//! docs/faults.md.
//!
//! Redis replicates behind its answers, so a node that dies takes with it what it had just acknowledged. Nothing else may
//! be lost.

use std::time::{Duration, Instant};

use super::is_asked_for;
use crate::engines::redis::Server;
use crate::engines::redis_cluster::Cluster;
use crate::support::claims::Server as App;
use crate::support::{sizes, traffic};
use session_runtime::store::{RedisStore, SessionStore};

/// As an application would wait.
const TIMEOUT: Duration = Duration::from_secs(1);

async fn apps_of(cluster: &Cluster) -> [App; 3] {
    let mut apps = Vec::new();
    for _ in 0..3 {
        let store = RedisStore::connect_cluster(cluster.urls()).await;
        apps.push(App::new(store.expect("a cluster").with_timeout(TIMEOUT)));
    }
    apps.try_into().unwrap_or_else(|_| unreachable!())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn a_node_of_a_cluster_dies_in_traffic() {
    assert!(is_asked_for());
    let counts = async {
        let mut cluster = Cluster::start().await;
        let apps = apps_of(&cluster).await;
        traffic::run(apps, async { cluster.nodes[0].kill() }).await
    };
    let counts = counts.await;
    println!("node of a cluster: {counts:?}");
    assert!(counts.refused > 0, "it died in traffic");
    assert!(counts.recovered < Duration::from_secs(20));
}

/// What it acknowledged in its last 200 ms reached no replica. That is lost, and counted; nothing more may be.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn a_node_of_a_cluster_dies_whose_replica_was_cut_off() {
    assert!(is_asked_for());
    let counts = async {
        let mut cluster = Cluster::start().await;
        let apps = apps_of(&cluster).await;
        traffic::run(apps, async {
            // A replica that stands still does not connect again, and so reads nothing of what follows.
            cluster.nodes[3..]
                .iter()
                .for_each(|replica| replica.signal("STOP"));
            let cut = cluster.nodes[0].command("CLIENT KILL TYPE replica").await;
            assert!(cut.expect("an answer").starts_with(":1"));
            tokio::time::sleep(Duration::from_millis(200)).await;
            cluster.nodes[0].kill();
            cluster.nodes[3..]
                .iter()
                .for_each(|replica| replica.signal("CONT"));
        })
        .await
    };
    let counts = counts.await;
    println!("node of a cluster, 200 ms after its replica was cut off: {counts:?}");
    assert!(counts.refused > 0, "it died in traffic");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn slots_that_move_in_traffic_lose_nothing() {
    assert!(is_asked_for());
    let counts = async {
        let cluster = Cluster::start().await;
        let apps = apps_of(&cluster).await;
        traffic::run(apps, cluster.reshard(0, 1, 2_000)).await
    };
    let counts = counts.await;
    println!("2,000 slots moved: {counts:?}");
    assert_eq!((counts.lost, counts.came_back), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn a_server_that_writes_to_its_disk_first_loses_nothing() {
    assert!(is_asked_for());
    let counts = async {
        let mut server = Server::start().await;
        let mut apps = Vec::new();
        for _ in 0..3 {
            let store = RedisStore::connect(&server.url()).await;
            apps.push(App::new(store.expect("a server").with_timeout(TIMEOUT)));
        }
        let apps = apps.try_into().unwrap_or_else(|_| unreachable!());
        traffic::run(apps, async {
            server.kill();
            server.restart().await;
        })
        .await
    };
    let counts = counts.await;
    println!("one server, appendfsync always: {counts:?}");
    assert_eq!((counts.lost, counts.came_back), (0, 0));
    assert!(counts.refused > 0, "it died in traffic");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn ten_thousand_sessions_of_one_owner_end_in_one_call() {
    assert!(is_asked_for());
    let cluster = Cluster::start().await;
    let store = RedisStore::connect_cluster(cluster.urls())
        .await
        .expect("a cluster");
    let owner = sizes::of_one_owner(&store, 10_000).await;
    let begun = Instant::now();
    let ended = store.destroy_owner(&owner, &[]).await.expect("ended");
    println!(
        "{ended} sessions in a cluster ended in {:?}",
        begun.elapsed()
    );
    assert_eq!(ended, 10_000);
}
