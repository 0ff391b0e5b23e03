//! What takes long, by one command:
//! `SESSION_TEST_POSTGRES=1 cargo test --test servers postgres:: -- --ignored --nocapture --test-threads=1`. Its counts are in
//! docs/faults.md.
//!
//! A primary that dies in the middle of traffic, and whose synchronous standby takes over: a checker over what was
//! acknowledged decides.

use std::time::{Duration, Instant};

use session_runtime::store::{PostgresStore, SessionStore};

use super::{is_asked_for, server_and_store};
use crate::engines::postgres::Server;
use crate::support::claims::Server as App;
use crate::support::{sizes, traffic};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn a_primary_that_dies_in_traffic_loses_nothing_that_was_acknowledged() {
    assert!(is_asked_for());
    let mut primary = Server::start().await;
    let standby = primary.standby().await;
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
        primary.port(),
        standby.port()
    );
    let mut apps = Vec::new();
    for _ in 0..3 {
        let store = PostgresStore::connect(&url).await.expect("a good URL");
        let store = store.with_timeout(Duration::from_secs(1));
        store.migrate().await.expect("migrated");
        apps.push(App::new(store));
    }
    let apps = apps.try_into().unwrap_or_else(|_| unreachable!());
    let counts = traffic::run(apps, async {
        primary.kill();
        standby.ask("SELECT pg_promote()").await.expect("promoted");
    })
    .await;
    println!("{counts:?}");
    assert_eq!((counts.lost, counts.came_back), (0, 0));
    assert!(counts.refused > 0, "the primary died in traffic");
    assert!(counts.recovered < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn ten_thousand_sessions_of_one_owner_end_in_one_call() {
    assert!(is_asked_for());
    let (server, store) = server_and_store().await;
    let owner = sizes::of_one_owner(&store, 10_000).await;
    let store = PostgresStore::connect(&server.url())
        .await
        .expect("a good URL");
    let begun = Instant::now();
    let ended = store.destroy_owner(&owner, &[]).await.expect("ended");
    println!(
        "{ended} sessions ended in {:?}, each trip within 500 ms",
        begun.elapsed()
    );
    assert_eq!(ended, 10_000);
}
