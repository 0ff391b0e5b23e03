//! Lost answers, and a server that hangs or is gone.

use std::time::{Duration, Instant};

use http::StatusCode;
use http::header::SET_COOKIE;
use session_runtime::store::{
    Created, Loaded, RedisStore, Saved, SessionStore, StoreError, StoreId,
};
use session_runtime::{Error, Key};

use super::{is_asked_for, server_and_store};
use crate::support::PATIENCE;
use crate::support::claims::{self, Account};
use crate::support::proxy::Proxy;
use crate::support::rows::{creation, save};

const COUNTER: Key<u64> = Key::new("counter");
/// How long a response may take in an outage.
const BOUND: Duration = Duration::from_secs(5);

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
