//! The feed of revocations in Redis.

use session_runtime::store::RedisStore;

use super::trips::scripts;
use super::{is_asked_for, store};
use crate::engines::redis::Server;
use crate::support::feed as claims;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_keeps_its_claims() {
    if !is_asked_for() {
        return;
    }
    let mut server = Server::start().await;
    let of = async || store(&server.url()).await;
    let servers = claims::servers([of().await, of().await, of().await]).await;
    claims::is_refused_everywhere(&servers, || scripts(&server)).await;
    claims::clocks_of_servers_do_not_matter(&servers, [of().await, of().await]).await;
    let hangs = |hangs| server.signal(if hangs { "STOP" } else { "CONT" });
    claims::a_feed_that_is_cut_off_signs_nobody_out(&servers, of().await, hangs).await;

    // What was revoked is known after a restart of the engine, and to servers that start after it.
    let cookie = servers[0].sign_in("restart").await;
    servers[0].revoke(&cookie).await;
    server.kill();
    server.restart().await;
    let late: RedisStore = store(&server.url()).await;
    let late = claims::Server::new(late);
    late.is_fresh().await;
    assert_eq!(late.user(&cookie).await.expect("fresh"), None);
    tokio::time::sleep(claims::EVERYWHERE).await;
    claims::everybody_says(&servers, &cookie, None).await;
}
