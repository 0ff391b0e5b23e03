//! The conformance suite on each way to a server.

use session_runtime::store::PostgresStore;

use super::{is_asked_for, server_and_store, store};
use crate::engines::postgres::{PgBouncer, Server};
use crate::support::{PATIENCE, conformance};

async fn passes(one: PostgresStore, other: PostgresStore) {
    conformance::passes(one, other, |store, clock| store.with_clock(clock.reader())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_over_two_connections() {
    if !is_asked_for() {
        return;
    }
    let (server, one) = server_and_store().await;
    passes(one, store(&server.url()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_through_pgbouncer_in_transaction_mode() {
    if !is_asked_for() {
        return;
    }
    let server = Server::start().await;
    let bouncer = PgBouncer::start(&server).await;
    let behind = || async {
        let store = PostgresStore::connect(&bouncer.url()).await;
        let store = store.expect("a good URL").with_pgbouncer();
        let store = store.with_timeout(PATIENCE);
        store.migrate().await.expect("migrated");
        store
    };
    passes(behind().await, behind().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_on_a_primary_with_a_synchronous_standby_that_is_found_among_two() {
    if !is_asked_for() {
        return;
    }
    let primary = Server::start().await;
    let standby = primary.standby().await;
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
        standby.port(),
        primary.port()
    );
    passes(store(&url).await, store(&url).await).await;
    let count = "SELECT count(*) > 0 FROM session";
    assert_eq!(standby.ask(count).await.as_deref(), Ok("t"));
}
