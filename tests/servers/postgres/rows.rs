//! Rows that are damaged, and rows that are over.

use session_runtime::store::{Created, Loaded, SessionStore, StoreError};

use super::lock::Lock;
use super::{is_asked_for, server_and_store};
use crate::support::rows::creation;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrupt_row_is_told_stays_and_costs_nobody_else_anything() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let whole = creation(99);
    assert_eq!(store.create(&whole).await.expect("created"), Created::Done);
    let damages = [
        "version = '\\x01'",
        "version = NULL",
        "payload = NULL",
        "owner = '\\x0102'",
        "label = '\\xff'",
        "born = -1",
        "expires_at = NULL",
        "state = 9",
        "state = 1",
        "state = 1, renewed_at = 5, successors = ARRAY['\\x01'::bytea]",
    ];
    for (number, damage) in (1..).zip(damages) {
        let hurt = creation(number);
        store.create(&hurt).await.expect("created");
        let id = hurt.id;
        let sql = format!("UPDATE session SET {damage} WHERE id = '\\x{id}' RETURNING 1");
        assert_eq!(server.ask(&sql).await.as_deref(), Ok("1"), "{damage}");
        let loaded = store.load(&id).await;
        let is_told = matches!(loaded, Err(StoreError::Corrupt(_)));
        assert!(is_told, "{damage}: {loaded:?}");
        let count = format!("SELECT count(*) FROM session WHERE id = '\\x{id}'");
        assert_eq!(server.ask(&count).await.as_deref(), Ok("1"), "{damage}");
        // It ends like any other.
        store.destroy(&id).await.expect("destroyed");
        if !damage.contains("successors") {
            let loaded = store.load(&id).await;
            assert!(matches!(loaded, Ok(Loaded::Ended(_))), "{damage}");
        }
    }
    let loaded = store.load(&whole.id).await.expect("loaded");
    assert_eq!(loaded, Loaded::Row(whole.row));
}

/// In steps, around what others hold.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_removes_what_is_over_and_waits_for_nobody() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let live = creation(99);
    store.create(&live).await.expect("created");
    let over = "INSERT INTO session (id, state, gone_at, version) \
        SELECT sha256(n::text::bytea), 0, n, '\\x01' FROM generate_series(1, 1300) AS n";
    server.ask(over).await.expect("inserted");
    let lock = "SELECT 1 FROM session WHERE gone_at IN (1, 700) FOR UPDATE";
    let lock = Lock::take(&server, lock).await;
    assert_eq!(store.sweep().await.expect("swept"), 1_298);
    lock.release(&server).await;
    assert_eq!(store.sweep().await.expect("swept"), 2);
    let loaded = store.load(&live.id).await.expect("loaded");
    assert_eq!(loaded, Loaded::Row(live.row));
}
