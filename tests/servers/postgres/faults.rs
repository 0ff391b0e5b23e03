//! Lost answers, a server that hangs or is gone, and a pool without a free connection.

use std::time::{Duration, Instant};

use http::StatusCode;
use http::header::SET_COOKIE;
use session_runtime::store::{
    Created, Loaded, PostgresStore, Saved, SessionStore, StoreError, StoreId,
};
use session_runtime::{Error, Key};

use super::lock::Lock;
use super::{is_asked_for, server_and_store};
use crate::support::PATIENCE;
use crate::support::claims::{self, Account};
use crate::support::proxy::Proxy;
use crate::support::rows::{creation, save};

const COUNTER: Key<u64> = Key::new("counter");
/// How long a response may take in an outage.
const BOUND: Duration = Duration::from_secs(5);

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
    let mut cuts = 0;
    for bytes in 0..40 {
        let number = u8::try_from(bytes).expect("small") * 3 + 1;
        let create = creation(number);
        assert_eq!(store.create(&create).await.expect("created"), Created::Done);
        let write = save(create.id, number, number + 1);
        // Prepared before, so that the next reply is that of the write.
        let other = save(StoreId::from_bytes([255; 32]), 1, 2);
        assert_eq!(store.save(&other).await.expect("no row"), Saved::Gone);
        proxy.cut_after(bytes);
        let answer = store.save(&write).await;
        if !proxy.has_cut() {
            assert_eq!(answer.expect("the whole answer"), Saved::Done);
            continue;
        }
        cuts += 1;
        assert!(matches!(answer, Err(StoreError::InDoubt(_))), "{answer:?}");
        if bytes % 2 == 0 {
            assert_eq!(store.save(&write).await.expect("again"), Saved::Done);
            let loaded = direct.load(&create.id).await.expect("loaded");
            assert!(matches!(loaded, Loaded::Row(row) if row.version == write.row.version));
            continue;
        }
        // Another write in between: the repetition is not done over it.
        let between = save(create.id, number + 1, number + 2);
        assert_eq!(direct.save(&between).await.expect("saved"), Saved::Done);
        let again = store.save(&write).await.expect("again");
        assert!(matches!(again, Saved::Conflict(row) if row.version == between.row.version));
    }
    assert!(cuts > 10, "the proxy cuts: {cuts}");
}

/// What was counted and acknowledged is counted once, wherever the answers were cut.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn update_now_counts_exactly_where_answers_are_cut() {
    if !is_asked_for() {
        return;
    }
    let (server, direct) = server_and_store().await;
    let proxy = Proxy::start(server.port()).await;
    let (app, other) = (
        claims::Server::new(behind(&proxy).await),
        claims::Server::new(direct),
    );
    let cookie = other.sign_in("cut").await;
    let (mut done, mut cuts) = (0, 0);
    for bytes in (0..600).step_by(13) {
        proxy.cut_after(bytes);
        let reply = app
            .request(&cookie, async |session| {
                let add = |n: Option<u64>| n.unwrap_or(0) + 1;
                session.update_now(COUNTER, add).await
            })
            .await;
        cuts += u32::from(proxy.has_cut());
        done += 1;
        assert_eq!(reply.result.expect("repeated"), done, "after {bytes} bytes");
        assert_eq!(reply.status, StatusCode::OK);
    }
    assert!(cuts > 10, "the proxy cuts: {cuts}");
    let reply = other
        .request(&cookie, async |session| session.get(COUNTER))
        .await;
    assert_eq!(reply.result.expect("loaded"), Some(done));
}

/// A put whose response is a 503 without a cookie, within the bound, because this happens before it is saved.
async fn put_fails(app: &claims::Server, cookie: &str, happens: impl FnOnce()) {
    let begun = Instant::now();
    let reply = app
        .request(cookie, async |session| {
            session.put("late", 1)?;
            happens();
            Ok(())
        })
        .await;
    reply.result.expect("the session was loaded");
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!reply.headers.contains_key(SET_COOKIE));
    let took = begun.elapsed();
    assert!(took < BOUND + Duration::from_secs(1), "{took:?}");
}

async fn calls_are_unavailable(app: &claims::Server, cookie: &str) {
    let begun = Instant::now();
    let reply = app
        .request(cookie, async |session| session.get(Account::USER))
        .await;
    assert!(matches!(reply.result, Err(Error::Unavailable)));
    assert!(!reply.headers.contains_key(SET_COOKIE));
    assert!(begun.elapsed() < BOUND);
    let begun = Instant::now();
    let reply = app
        .request("", async |session| session.put(COUNTER, 1))
        .await;
    reply.result.expect("a new session needs no load");
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!reply.headers.contains_key(SET_COOKIE));
    assert!(begun.elapsed() < BOUND + Duration::from_secs(1));
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
