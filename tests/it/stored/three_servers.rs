//! The claims that every engine must keep, of the store in memory.

use session_runtime::store::MemoryStore;

use super::claims::{self, Server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_of_the_application_keep_the_claims() {
    let store = MemoryStore::new();
    claims::all([store.clone(), store.clone(), store].map(Server::new)).await;
}
