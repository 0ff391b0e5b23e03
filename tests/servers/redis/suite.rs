//! The conformance suite and the three claims.

use session_runtime::store::conformance::Suite;
use session_runtime::store::{
    Created, Loaded, OwnerId, RedisStore, Replace, Saved, SessionStore, StoreError, StoreId,
    WriteId,
};

use super::{is_asked_for, server_and_store, store};
use crate::support::rows::{creation, row, save};
use crate::support::{claims, conformance};

pub(crate) async fn passes(one: RedisStore, other: RedisStore) {
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
async fn passes_while_the_scripts_are_forgotten() {
    if !is_asked_for() {
        return;
    }
    let (server, one) = server_and_store().await;
    let other = store(&server.url()).await;
    let suite = Suite::new(one, other);
    let mut run = Box::pin(suite.run());
    let report = loop {
        tokio::select! {
            biased;
            report = &mut run => break report,
            flushed = server.command("SCRIPT FLUSH") => {
                assert!(flushed.expect("an answer").starts_with("+OK"));
            }
        }
    };
    report.assert_passed();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_of_the_application_keep_the_claims() {
    if !is_asked_for() {
        return;
    }
    let (server, one) = server_and_store().await;
    let (two, three) = (store(&server.url()).await, store(&server.url()).await);
    claims::all([one, two, three].map(claims::Server::new)).await;
}

#[tokio::test]
async fn a_prefix_keeps_two_applications_apart() {
    if !is_asked_for() {
        return;
    }
    let (_server, store) = server_and_store().await;
    let (shop, blog) = (
        store.clone().with_prefix("sh*p:"),
        store.with_prefix("blog:"),
    );
    let create = creation(1);
    assert_eq!(shop.create(&create).await.expect("created"), Created::Done);
    assert_eq!(blog.load(&create.id).await.expect("loaded"), Loaded::Absent);
    blog.destroy(&create.id).await.expect("destroyed");
    let loaded = shop.load(&create.id).await.expect("loaded");
    assert_eq!(loaded, Loaded::Row(create.row));
}

#[tokio::test]
async fn a_replacement_that_conflicts_leaves_no_session_and_may_be_tried_again() {
    if !is_asked_for() {
        return;
    }
    let (_server, store) = server_and_store().await;
    let old = creation(1);
    store.create(&old).await.expect("created");
    let saved = store.save(&save(old.id, 1, 2)).await.expect("saved");
    assert_eq!(saved, Saved::Done);
    let mut replace = Replace {
        old: old.id,
        new: StoreId::from_bytes([9; 32]),
        expected: WriteId::from_bytes([1; 16]),
        row: row(3),
        earlier: None,
        keeps_old: true,
        begin: old.begin,
    };
    let replaced = store.replace(&replace).await.expect("an answer");
    assert_eq!(replaced, Saved::Conflict(row(2)));
    let loaded = store.load(&replace.new).await.expect("loaded");
    assert_eq!(loaded, Loaded::Absent);
    replace.earlier = Some(WriteId::from_bytes([3; 16]));
    (replace.expected, replace.row) = (WriteId::from_bytes([2; 16]), row(4));
    let replaced = store.replace(&replace).await.expect("an answer");
    assert_eq!(replaced, Saved::Done);
    let loaded = store.load(&replace.new).await.expect("loaded");
    assert_eq!(loaded, Loaded::Row(row(4)));
}

#[tokio::test]
async fn one_row_that_makes_no_sense_does_not_keep_an_owners_others() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let owner = OwnerId::from_bytes([7; 32]);
    for number in 1..=3 {
        let mut create = creation(number);
        create.row.owner = Some(owner);
        let created = store.create(&create).await.expect("created");
        assert_eq!(created, Created::Done);
    }
    let key = format!("session:s{{{}}}", "02".repeat(32));
    for command in [format!("DEL {key}"), format!("SET {key} text")] {
        server.command(&command).await.expect("an answer");
    }
    assert_eq!(store.sweep().await.expect("swept"), 0);
    let ended = store.destroy_owner(&owner, &[]).await.expect("ended");
    assert_eq!(ended, 2);
    for number in 1..=3 {
        let loaded = store.load(&creation(number).id).await;
        assert!(matches!(loaded, Ok(Loaded::Ended(_))), "{loaded:?}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_corrupt_and_what_is_newer_is_unavailable() {
    if !is_asked_for() {
        return;
    }
    let (server, store) = server_and_store().await;
    let create = creation(1);
    let key = format!("session:s{{{}}}", "01".repeat(32));
    let damages = [
        "v x",
        "s 9",
        "s 1",
        "s 2",
        "n soon",
        "e soon",
        "o x",
        "b \"\"",
        "b \"\\x00\"",
        "f x",
    ];
    for damage in damages {
        server
            .command(&format!("DEL {key}"))
            .await
            .expect("deleted");
        store.create(&create).await.expect("created");
        let set = server.command(&format!("HSET {key} {damage}")).await;
        assert!(set.expect("an answer").starts_with(":0"), "{damage}");
        let loaded = store.load(&create.id).await;
        assert!(
            matches!(loaded, Err(StoreError::Corrupt(_))),
            "{damage}: {loaded:?}"
        );
        store
            .destroy(&create.id)
            .await
            .expect("it ends like any other");
        let loaded = store.load(&create.id).await;
        assert!(
            matches!(loaded, Ok(Loaded::Ended(_))),
            "{damage}: {loaded:?}"
        );
    }
    server
        .command(&format!("DEL {key}"))
        .await
        .expect("deleted");
    server
        .command(&format!("SET {key} text"))
        .await
        .expect("set");
    let loaded = store.load(&create.id).await;
    assert!(matches!(loaded, Err(StoreError::Corrupt(_))), "{loaded:?}");
    store.destroy(&create.id).await.expect("it ends too");
    let loaded = store.load(&create.id).await;
    assert!(matches!(loaded, Ok(Loaded::Ended(_))), "{loaded:?}");
    server
        .command(&format!("DEL {key}"))
        .await
        .expect("deleted");
    store.create(&create).await.expect("created");
    server
        .command(&format!("HSET {key} f 2"))
        .await
        .expect("set");
    let loaded = store.load(&create.id).await;
    assert!(
        matches!(loaded, Err(StoreError::Unavailable(_))),
        "{loaded:?}"
    );
    let destroyed = store.destroy(&create.id).await;
    assert!(
        matches!(destroyed, Err(StoreError::Unavailable(_))),
        "{destroyed:?}"
    );
}
