//! The memory that sessions take, by one command:
//! `SESSION_TEST_REDIS=1 cargo test --test servers redis::room -- --ignored --nocapture`

use super::{is_asked_for, store};
use crate::engines::redis::Server;
use crate::support::sizes;

async fn used(server: &Server) -> u64 {
    let info = server.command("INFO memory").await.expect("an answer");
    let line = info
        .lines()
        .find_map(|line| line.strip_prefix("used_memory:"));
    line.expect("a count").trim().parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn a_million_sessions_take() {
    assert!(is_asked_for());
    let server = Server::start_with(&[]).await;
    let store = store(&server.url()).await;
    let before = used(&server).await;
    for sessions in [100_000, 1_000_000] {
        sizes::fill(&store, sessions).await;
        let each = (used(&server).await - before) / u64::from(sessions);
        println!(
            "{sessions} sessions of {} bytes: {each} bytes each",
            sizes::PAYLOAD
        );
    }
}
