//! Sessions in an SQLite file (feature `sqlite`, which needs a C compiler). What the file itself may do is tested beside the
//! store.

use session_runtime::store::SqliteStore;

use crate::engines::Folder;
use crate::support::{PATIENCE, claims, feed};

/// A file in a folder of this test, opened as three servers would.
async fn three() -> (Folder, [SqliteStore; 3]) {
    let folder = Folder::new("nobody");
    let open = async || {
        let store = SqliteStore::open(folder.path().join("sessions.db")).await;
        let store = store.expect("a new file");
        store.with_timeout(PATIENCE)
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
    let servers = feed::servers(stores).await;
    // Readings are in the process: no trip leaves it.
    feed::is_refused_everywhere(&servers, async || 0).await;
    feed::clocks_of_servers_do_not_matter(&servers, others).await;
}
