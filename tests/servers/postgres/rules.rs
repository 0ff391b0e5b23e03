//! What is promised of sessions, with three servers of one application.

use super::{is_asked_for, server_and_store, store};
use crate::support::claims;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_requests_lose_nothing_and_signed_out_stays_signed_out() {
    if !is_asked_for() {
        return;
    }
    let (server, one) = server_and_store().await;
    let url = server.url();
    let servers = [one, store(&url).await, store(&url).await];
    claims::all(servers.map(claims::Server::new)).await;
}
