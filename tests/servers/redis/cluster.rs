//! The same sessions in a Redis Cluster.

use session_runtime::store::{Create, Loaded, RedisStore, Saved, SessionStore};

use super::is_asked_for;
use super::suite::passes;
use crate::engines::redis_cluster::Cluster;
use crate::support::rows::{creation, save};
use crate::support::{PATIENCE, claims};

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
    let one = store(&cluster).await;
    passes(one.clone(), store(&cluster).await).await;
    let three = [one, store(&cluster).await, store(&cluster).await];
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

/// While a slot moves, its keys are at one node or the other, and new ones are made at the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_whose_slot_moves_are_found_all_the_way() {
    if !is_asked_for() {
        return;
    }
    let cluster = Cluster::start().await;
    let store = store(&cluster).await;
    let create = creation(1);
    store.create(&create).await.expect("created");
    let key = format!("session:s{{{}}}", "01".repeat(32));
    let from = cluster.primary_of(&key).await;
    let to = (0..3).find(|node| *node != from).expect("three primaries");
    let slot = cluster.nodes[from]
        .command(&format!("CLUSTER KEYSLOT {key}"))
        .await;
    let slot = slot
        .expect("an answer")
        .trim_start_matches(':')
        .trim()
        .to_owned();
    let (from_id, to_id) = (cluster.id_of(from).await, cluster.id_of(to).await);
    let (from, to) = (&cluster.nodes[from], &cluster.nodes[to]);
    let done = async |node: &crate::engines::redis::Server, words: String| {
        let answer = node.command(&words).await.expect("an answer");
        assert!(answer.starts_with("+OK"), "{words}: {answer}");
    };

    done(to, format!("CLUSTER SETSLOT {slot} IMPORTING {from_id}")).await;
    done(from, format!("CLUSTER SETSLOT {slot} MIGRATING {to_id}")).await;
    is_whole(&store, &create, 2).await;
    done(
        from,
        format!("MIGRATE 127.0.0.1 {} {key} 0 5000", to.port()),
    )
    .await;
    is_whole(&store, &create, 3).await;
    for node in [to, from] {
        done(node, format!("CLUSTER SETSLOT {slot} NODE {to_id}")).await;
    }
    is_whole(&store, &create, 4).await;
}

/// The session can be read, and saved as this version.
async fn is_whole(store: &RedisStore, create: &Create, version: u8) {
    let Loaded::Row(row) = store.load(&create.id).await.expect("loaded") else {
        panic!("the session is gone before it is saved as {version}");
    };
    let expected = version - 1;
    assert_eq!(row.version, crate::support::rows::row(expected).version);
    let saved = store.save(&save(create.id, expected, version)).await;
    assert_eq!(saved.expect("saved"), Saved::Done);
}
