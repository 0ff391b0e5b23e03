//! Lost answers, a server that hangs or is gone, and a pool without a free connection.

use std::time::{Duration, Instant};

use session_runtime::store::{Created, Loaded, PostgresStore, SessionStore, StoreError};

use super::lock::Lock;
use super::{is_asked_for, server_and_store};
use crate::support::faults::{
    BOUND, calls_are_unavailable, cut_counts_are_exact, cut_writes_are_in_doubt, put_fails,
};
use crate::support::proxy::Proxy;
use crate::support::rows::creation;
use crate::support::{PATIENCE, claims};

async fn behind(proxy: &Proxy) -> PostgresStore {
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", proxy.port());
    let store = PostgresStore::connect(&url).await.expect("a good URL");
    store.with_timeout(PATIENCE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_whose_answer_is_cut_is_in_doubt_and_known_when_it_is_repeated() {
    if !is_asked_for() {
        return;
    }
    let (server, direct) = server_and_store().await;
    let proxy = Proxy::start(server.port()).await;
    let store = behind(&proxy).await;
    cut_writes_are_in_doubt(&proxy, &store, &direct).await;
}

/// What was counted and acknowledged is counted once, wherever the answers were cut.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn update_now_counts_exactly_where_answers_are_cut() {
    if !is_asked_for() {
        return;
    }
    let (server, direct) = server_and_store().await;
    let proxy = Proxy::start(server.port()).await;
    cut_counts_are_exact(&proxy, behind(&proxy).await, direct).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_signs_nobody_out_and_lies_to_nobody() {
    if !is_asked_for() {
        return;
    }
    let (mut server, patient) = server_and_store().await;
    let store = PostgresStore::connect(&server.url()).await;
    let app = claims::Server::new(
        store
            .expect("a good URL")
            .with_timeout(Duration::from_secs(1)),
    );
    let cookie = claims::Server::new(patient).sign_in("outage").await;
    assert_eq!(app.user(&cookie).await.as_deref(), Some("outage"));

    put_fails(&app, &cookie, || server.freeze()).await;
    calls_are_unavailable(&app, &cookie).await;
    server.thaw();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(app.user(&cookie).await.as_deref(), Some("outage"));

    let mut kill = || server.kill();
    put_fails(&app, &cookie, &mut kill).await;
    calls_are_unavailable(&app, &cookie).await;
    server.restart().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(app.user(&cookie).await.as_deref(), Some("outage"));
}

/// The engine gives up what waits for a lock, so that nothing is in doubt; who waits for a connection is told too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exhausted_pool_is_unavailable_within_the_bound_and_then_works() {
    if !is_asked_for() {
        return;
    }
    let (server, _) = server_and_store().await;
    let store = PostgresStore::connect(&server.url()).await;
    let store = store.expect("a good URL").with_pool_size(2);
    let store = store.with_timeout(Duration::from_secs(2));
    assert_eq!(
        store.create(&creation(200)).await.expect("created"),
        Created::Done
    );
    let lock = Lock::take(&server, "LOCK TABLE session").await;
    let begun = Instant::now();
    let calls: Vec<_> = (1..20)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.create(&creation(number)).await })
        })
        .collect();
    for call in calls {
        let answer = call.await.expect("no panic");
        assert!(
            matches!(answer, Err(StoreError::Unavailable(_))),
            "{answer:?}"
        );
    }
    assert!(begun.elapsed() < BOUND);
    lock.release(&server).await;
    for number in 1..20 {
        let absent = store.load(&creation(number).id).await.expect("loaded");
        assert_eq!(absent, Loaded::Absent, "what is unavailable was not done");
        let created = store.create(&creation(number)).await.expect("created");
        assert_eq!(created, Created::Done);
    }
}
