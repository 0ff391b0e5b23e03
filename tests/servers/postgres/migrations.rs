//! How the tables are made, and what is said where they are not there.

use session_runtime::store::{PostgresStore, SessionStore, StoreError, StoreId};

use super::{is_asked_for, server_and_store};
use crate::engines::postgres::Server;
use crate::support::PATIENCE;

async fn connect(url: &str) -> PostgresStore {
    let store = PostgresStore::connect(url).await.expect("a good URL");
    store.with_timeout(PATIENCE)
}

fn said<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Err(error @ StoreError::Unavailable(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_servers_may_migrate_at_once_and_again() {
    if !is_asked_for() {
        return;
    }
    let server = Server::start().await;
    server.ask("CREATE SCHEMA app").await.expect("made");
    for table in ["session", "app.web_session"] {
        let store = connect(&server.url()).await;
        let store = store.with_table(table).expect("a good name");
        let missing = said(store.load(&StoreId::from_bytes([1; 32])).await);
        assert!(missing.contains("migrate()"), "{missing}");
        for _ in 0..2 {
            let running: Vec<_> = (0..8)
                .map(|_| {
                    let store = store.clone();
                    tokio::spawn(async move { store.migrate().await })
                })
                .collect();
            for migrating in running {
                migrating.await.expect("no panic").expect("migrated");
            }
        }
        let id = StoreId::from_bytes([1; 32]);
        store.destroy(&id).await.expect("destroyed");
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(server.ask(&count).await.as_deref(), Ok("1"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_of_a_newer_version_are_left_alone() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let newer = "UPDATE session_format SET format = 2";
    server.ask(newer).await.expect("updated");
    let newer = said(store.migrate().await);
    assert!(newer.contains("format 2"), "{newer}");
}

#[tokio::test]
async fn what_can_t_be_an_address_or_a_table_is_told() {
    for (url, word) in [
        ("db1", "URL"),
        ("postgres:///app", "no host"),
        ("postgres://db1/app?sslmode=perhaps", "sslmode"),
        ("postgres://db1:port/app", "port"),
    ] {
        let said = said(PostgresStore::connect(url).await);
        assert!(said.contains(word), "{url}: {said}");
    }
    for table in ["", "a.b.c", "Sessions", "a;b", "a\"b", &"x".repeat(41)] {
        let store = PostgresStore::connect("postgres://db1/app").await;
        let said = said(store.expect("a good URL").with_table(table));
        assert!(said.contains("no name for a table"), "{said}");
    }
}

/// Saves leave the indexes alone: the new version of a row is on the page of the old one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saves_are_heap_only_and_owner_and_end_are_found_by_an_index() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let app = crate::support::claims::Server::new(store);
    let cookie = app.sign_in("hot").await;
    for number in 0..20 {
        let put = async |session: session_runtime::Session| session.put("n", number);
        let reply = app.request(&cookie, put).await;
        assert_eq!(reply.status, http::StatusCode::OK);
    }
    // The counts arrive when the store's connections end.
    drop(app);
    let hot = "SELECT n_tup_upd = 20 AND n_tup_hot_upd >= 19 FROM pg_stat_user_tables WHERE relname = 'session'";
    let mut is_hot = String::new();
    for _ in 0..400 {
        is_hot = server.ask(hot).await.expect("counted");
        if is_hot == "t" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(is_hot, "t");
    for (condition, index) in [
        ("owner = '\\x00' AND state = 0", "session_owner"),
        ("gone_at <= 5 ORDER BY gone_at LIMIT 500", "session_gone_at"),
    ] {
        let sql =
            format!("SET enable_seqscan = off; EXPLAIN SELECT id FROM session WHERE {condition}");
        let plan = server.ask(&sql).await.expect("a plan");
        assert!(plan.contains(index), "{plan}");
    }
}
