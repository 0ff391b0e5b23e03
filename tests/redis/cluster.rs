//! The same sessions in a Redis Cluster.

use session_runtime::store::conformance::{CHECKS, Clock, Suite};
use session_runtime::store::{Loaded, RedisStore, SessionStore};

use crate::cluster_of_six::Cluster;
use crate::faults::creation;
use crate::{PATIENCE, claims, is_asked_for};

async fn store(cluster: &Cluster) -> RedisStore {
    let store = RedisStore::connect_cluster(cluster.urls()).await;
    store.expect("a cluster").with_timeout(PATIENCE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_in_a_cluster() {
    if !is_asked_for() {
        return;
    }
    let cluster = Cluster::start().await;
    let (one, other) = (store(&cluster).await, store(&cluster).await);
    let clock = Clock::new();
    let timed = |store: RedisStore| {
        let clock = clock.clone();
        store.with_clock(move || clock.now())
    };
    let report = Suite::new(timed(one.clone()), timed(other))
        .with_clock(clock.clone())
        .run()
        .await;
    report.assert_passed();
    assert_eq!(report.passed(), CHECKS);
    let three = [one.clone(), store(&cluster).await, store(&cluster).await];
    claims::all(three.map(claims::Server::new)).await;
    one_node_tells_of_the_others(&cluster).await;
}

/// The nodes that were named may be few: they know the rest.
async fn one_node_tells_of_the_others(cluster: &Cluster) {
    let one = RedisStore::connect_cluster([cluster.nodes[4].url()]).await;
    let (one, all) = (
        one.expect("a node").with_timeout(PATIENCE),
        store(cluster).await,
    );
    for number in 1..40 {
        let create = creation(number);
        all.create(&create).await.expect("created");
        let loaded = one.load(&create.id).await.expect("loaded");
        assert_eq!(loaded, Loaded::Row(create.row));
    }
}
