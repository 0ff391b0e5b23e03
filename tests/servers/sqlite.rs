//! Sessions in an SQLite file (feature `sqlite`, which needs a C compiler). What the file itself may do is tested beside the
//! store.

#[allow(dead_code)] // Engines with a server use the rest.
#[path = "../servers/claims.rs"]
mod claims;
#[allow(dead_code)] // The same.
#[path = "../servers/feed.rs"]
mod feed_claims;
#[allow(dead_code)] // The same.
#[path = "../servers/mod.rs"]
mod servers;

use session_runtime::store::SqliteStore;

/// A file in a folder of this test, opened as three servers would.
async fn three() -> (servers::Folder, [SqliteStore; 3]) {
    let folder = servers::Folder::new("nobody");
    let open = async || {
        let store = SqliteStore::open(folder.path().join("sessions.db")).await;
        let store = store.expect("a new file");
        store.with_timeout(std::time::Duration::from_secs(20))
    };
    let stores = [open().await, open().await, open().await];
    (folder, stores)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_of_the_application_keep_the_claims() {
    let (_folder, stores) = three().await;
    claims::all(stores.map(claims::Server::new)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_keeps_its_claims() {
    let (_folder, stores) = three().await;
    let others = [stores[0].clone(), stores[1].clone()];
    let servers = feed_claims::servers(stores).await;
    // Readings are in the process: no trip leaves it.
    feed_claims::is_refused_everywhere(&servers, async || 0).await;
    feed_claims::clocks_of_servers_do_not_matter(&servers, others).await;
}
