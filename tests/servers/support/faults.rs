//! Answers that are lost, and servers that do not answer, whatever the engine.

use std::time::{Duration, Instant};

use http::StatusCode;
use http::header::SET_COOKIE;
use session_runtime::store::{Created, Loaded, Saved, SessionStore, StoreError, StoreId};
use session_runtime::{Error, Key};

use super::claims::{self, Account};
use super::proxy::Proxy;
use super::rows::{creation, save};

const COUNTER: Key<u64> = Key::new("counter");
/// How long a response may take in an outage.
pub(crate) const BOUND: Duration = Duration::from_secs(5);

/// A write whose answer the proxy cuts is in doubt, and known when it is repeated. `store` is behind the proxy.
pub(crate) async fn cut_writes_are_in_doubt(
    proxy: &Proxy,
    store: &impl SessionStore,
    direct: &impl SessionStore,
) {
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

/// What was counted and acknowledged is counted once, wherever the answers were cut. `behind` is behind the proxy.
pub(crate) async fn cut_counts_are_exact(
    proxy: &Proxy,
    behind: impl SessionStore,
    direct: impl SessionStore,
) {
    let (app, other) = (claims::Server::new(behind), claims::Server::new(direct));
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
pub(crate) async fn put_fails(app: &claims::Server, cookie: &str, happens: impl FnOnce()) {
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

pub(crate) async fn calls_are_unavailable(app: &claims::Server, cookie: &str) {
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
