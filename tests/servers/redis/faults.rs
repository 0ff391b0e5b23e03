//! Lost answers, and a server that hangs or is gone.

use std::time::Duration;

use session_runtime::store::RedisStore;

use super::{is_asked_for, server_and_store};
use crate::support::faults::{
    calls_are_unavailable, cut_counts_are_exact, cut_writes_are_in_doubt, put_fails,
};
use crate::support::proxy::Proxy;
use crate::support::{PATIENCE, claims};

async fn behind(proxy: &Proxy) -> RedisStore {
    let url = format!("redis://127.0.0.1:{}/", proxy.port());
    let store = RedisStore::connect(&url).await.expect("a good URL");
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
async fn a_server_that_hangs_signs_nobody_out() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let app = claims::Server::new(store.with_timeout(Duration::from_millis(500)));
    let cookie = app.sign_in("hangs").await;
    put_fails(&app, &cookie, || server.signal("STOP")).await;
    calls_are_unavailable(&app, &cookie).await;
    server.signal("CONT");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(app.user(&cookie).await.as_deref(), Some("hangs"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_and_comes_back_signs_nobody_out() {
    if !is_asked_for() {
        return;
    }
    let (mut server, store) = server_and_store().await;
    let app = claims::Server::new(store.with_timeout(Duration::from_millis(500)));
    let cookie = app.sign_in("gone").await;
    put_fails(&app, &cookie, || server.kill()).await;
    calls_are_unavailable(&app, &cookie).await;
    server.restart().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(app.user(&cookie).await.as_deref(), Some("gone"));
}
