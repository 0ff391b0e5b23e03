//! Keys replaced while the service runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use session_runtime::{CookieStore, KeyUsage, Keyring, SecretKeys, SessionLayer};

use super::support::{Visitor, config};

/// Good keys, each another.
fn key(number: u8) -> String {
    use base64::Engine;
    let bytes: Vec<u8> = (0..32_u8).map(|i| i.wrapping_mul(7) ^ number).collect();
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

/// A server with these keys, and the handle to replace them.
fn server(keys: &str) -> (Visitor, Keyring) {
    let mut visitor = Visitor::of(config());
    let store = CookieStore::new(config().with_key(keys)).expect("a good configuration");
    let keyring = store.keyring();
    visitor.codec = store.clone().with_clock(visitor.clock.reader());
    let layer = SessionLayer::new(store).expect("a good configuration");
    visitor.layer = layer.with_clock(visitor.clock.reader());
    (visitor, keyring)
}

/// The id of the key that made the visitor's cookie.
fn made_by(visitor: &Visitor) -> String {
    use base64::Engine;
    let cookie = visitor.cookie.as_deref().expect("a cookie");
    let value = cookie.split_once('=').expect("a pair").1;
    let token = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(value);
    let token = token.expect("base64url");
    let id = u32::from_be_bytes([token[1], token[2], token[3], token[4]]);
    format!("{id:08x}")
}

fn ids(keyring: &Keyring) -> Vec<String> {
    keyring.usage().iter().map(KeyUsage::id).collect()
}

fn opened(keyring: &Keyring) -> Vec<u64> {
    keyring.usage().iter().map(KeyUsage::opened).collect()
}

async fn uid(visitor: &mut Visitor) -> Option<i64> {
    visitor.visit(|session| session.get("uid")).await
}

#[tokio::test]
async fn a_session_under_a_retired_key_is_signed_by_the_new_one_when_it_is_used() {
    let (mut visitor, keyring) = server(&key(1));
    visitor.visit(|session| session.put("uid", 7)).await;
    let before = visitor.record();
    keyring
        .replace(format!("{},{}", key(2), key(1)))
        .expect("good keys");
    let [new, old] = &ids(&keyring)[..] else {
        panic!("two keys")
    };
    assert_eq!(&made_by(&visitor), old);
    visitor.visit(|_| Ok(())).await;
    assert!(visitor.answer.headers.is_empty(), "it was not used");

    assert_eq!(uid(&mut visitor).await, Some(7));
    assert!(visitor.answer.saves(), "a read is enough");
    assert_eq!(&made_by(&visitor), new);
    let after = visitor.record();
    assert_eq!((after.id(), after.born()), (before.id(), before.born()));
    assert_eq!(uid(&mut visitor).await, Some(7));
    assert!(!visitor.answer.saves(), "once is enough");

    keyring.replace(key(2)).expect("a good key");
    assert_eq!(uid(&mut visitor).await, Some(7), "without the old key");
}

#[tokio::test]
async fn a_key_that_is_no_longer_listed_opens_nothing() {
    let (mut visitor, keyring) = server(&key(1));
    visitor.visit(|session| session.put("uid", 7)).await;
    keyring.replace(key(2)).expect("a good key");
    let refused = visitor.codec.open(visitor.request().headers());
    assert_eq!(refused.expect_err("removed").as_str(), "unknown_key");
    assert_eq!(uid(&mut visitor).await, None);
    visitor.visit(|session| session.put("uid", 8)).await;
    assert_eq!(uid(&mut visitor).await, Some(8));
}

#[tokio::test]
async fn each_key_counts_the_cookies_that_it_opened() {
    let (mut visitor, keyring) = server(&key(1));
    visitor.visit(|session| session.put("uid", 7)).await;
    assert_eq!(opened(&keyring), [0]);
    let old = visitor.clone();
    for _ in 0..3 {
        uid(&mut old.clone()).await;
    }
    visitor.visit(|_| Ok(())).await;
    assert_eq!(opened(&keyring), [3], "used, not only sent");

    keyring
        .replace(format!("{},{}", key(2), key(1)))
        .expect("good keys");
    assert_eq!(opened(&keyring), [0, 3], "the count goes on");
    uid(&mut visitor).await;
    uid(&mut visitor).await;
    assert_eq!(opened(&keyring), [1, 4], "the old one opened it once more");
    let mut forged = old;
    forged.cookie = forged.cookie.map(|cookie| super::support::forged(&cookie));
    assert_eq!(uid(&mut forged).await, None);
    assert_eq!(opened(&keyring), [1, 4], "forged ones do not count");
}

#[tokio::test]
async fn bad_keys_are_refused_and_the_ring_is_as_it_was() {
    let (mut visitor, keyring) = server(&key(1));
    visitor.visit(|session| session.put("uid", 7)).await;
    uid(&mut visitor).await;
    let twice = format!("{0},{0}", key(2));
    for bad in [
        "",
        " ",
        "c2hvcnQ=",
        "no base64!",
        twice.as_str(),
        &format!("{},", key(2)),
    ] {
        assert!(keyring.replace(bad).is_err(), "{bad:?}");
        assert_eq!(opened(&keyring), [1], "{bad:?}");
    }
    assert_eq!(uid(&mut visitor).await, Some(7));
    assert!(!visitor.answer.saves());
}

#[tokio::test]
async fn clones_of_the_store_and_of_the_ring_have_the_same_keys() {
    let (mut visitor, keyring) = server(&key(1));
    visitor.codec.keyring().replace(key(3)).expect("a good key");
    visitor.visit(|session| session.put("uid", 7)).await;
    assert_eq!(made_by(&visitor), ids(&keyring.clone())[0]);
}

/// Eight visitors count their visits while the keys are replaced without a pause.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_is_dropped_while_keys_are_replaced() {
    const VISITORS: u64 = 8;
    const VISITS: u64 = 250;
    let (server, keyring) = server(&key(0));
    let (running, rotations) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
    let rotate = {
        let (keyring, running, rotations) = (
            keyring.clone(),
            Arc::clone(&running),
            Arc::clone(&rotations),
        );
        std::thread::spawn(move || {
            // All four stay listed, and another one signs each time.
            let list = |numbers: &[u8]| {
                let keys: Vec<String> = numbers.iter().map(|&number| key(number)).collect();
                keys.join(",")
            };
            let mut order: Vec<u8> = vec![0, 1, 2, 3];
            while running.load(Ordering::SeqCst) {
                order.rotate_right(1);
                keyring.replace(list(&order)).expect("good keys");
                rotations.fetch_add(1, Ordering::SeqCst);
            }
        })
    };
    let visits = (0..VISITORS).map(|_| {
        let mut visitor = server.clone();
        tokio::spawn(async move {
            for visit in 0..VISITS {
                let before = visitor
                    .visit(|session| {
                        let before: Option<u64> = session.get("visits")?;
                        session.put("visits", before.unwrap_or(0) + 1)?;
                        Ok(before.unwrap_or(0))
                    })
                    .await;
                assert_eq!(before, visit, "a session was lost");
                tokio::task::yield_now().await;
            }
            visitor
        })
    });
    let visits: Vec<_> = visits.collect();
    let mut visitors = Vec::new();
    for visit in visits {
        visitors.push(visit.await.expect("no panic"));
    }
    running.store(false, Ordering::SeqCst);
    rotate.join().expect("no panic");
    assert!(rotations.load(Ordering::SeqCst) > 10, "{rotations:?}");
    assert!(server.layer.requests().is_empty());
    let counted: u64 = opened(&keyring).iter().sum();
    assert_eq!(
        counted,
        VISITORS * (VISITS - 1),
        "every opened cookie counts"
    );

    let newest = ids(&keyring).swap_remove(0);
    for mut visitor in visitors {
        let seen: Option<u64> = visitor.visit(|session| session.get("visits")).await;
        assert_eq!(seen, Some(VISITS));
        assert_eq!(made_by(&visitor), newest);
    }
}

#[test]
fn a_generated_key_can_be_added() {
    let (_, keyring) = server(&key(1));
    let generated = SecretKeys::generate().expect("random bytes");
    keyring.replace(generated).expect("a good key");
    assert_eq!(keyring.usage().len(), 1);
}
