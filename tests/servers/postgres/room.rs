//! The disk that sessions take, by one command:
//! `SESSION_TEST_POSTGRES=1 cargo test --test servers postgres::room -- --ignored --nocapture`

use super::{is_asked_for, server_and_store};
use crate::support::sizes;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; by the command above"]
async fn a_hundred_thousand_sessions_take() {
    const SESSIONS: u32 = 100_000;
    assert!(is_asked_for());
    let (server, store) = server_and_store().await;
    sizes::fill(&store, SESSIONS).await;
    let tables = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r' AND c.relname LIKE 'session%'";
    let size: u64 = server
        .ask(tables)
        .await
        .expect("a size")
        .parse()
        .expect("a number");
    let each = size / u64::from(SESSIONS);
    println!(
        "{SESSIONS} sessions of {} bytes: {each} bytes each, with indexes",
        sizes::PAYLOAD
    );
}
