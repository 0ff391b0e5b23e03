//! How long a session in Go's format lives, and how large it may be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use session_runtime::testing::Visitor;
use session_runtime::{CookieStoreConfig, Session, SessionLayer};

use super::{NOW, at, pair, shared};
use crate::put_size;

#[tokio::test]
async fn absolute_max_age_counts_from_the_first_cookie_not_from_the_latest() {
    let clock = Arc::new(AtomicU64::new(NOW));
    let time = Arc::clone(&clock);
    let config = shared()
        .with_max_age(Duration::from_secs(100))
        .with_absolute_max_age(Duration::from_secs(150));
    let server = SessionLayer::new(config)
        .expect("good")
        .with_clock(move || at(time.load(Ordering::Relaxed)));
    let mut visitor = Visitor::from(&server);
    for age in [0, 90] {
        clock.store(NOW + age, Ordering::Relaxed);
        let put = visitor.visit(async |session| session.put("seen", age));
        put.await.expect("it fits");
    }
    for (age, seen) in [(149, Some(90)), (150, None)] {
        clock.store(NOW + age, Ordering::Relaxed);
        let found = visitor.visit(async |session| session.get::<u64>("seen"));
        assert_eq!(found.await.expect("a number"), seen, "{age}");
    }
}

async fn put_is_exact(config: CookieStoreConfig) {
    const LIMIT: usize = 400;
    let server = |config| {
        let layer = SessionLayer::new(config).expect("good");
        layer.with_clock(|| at(NOW))
    };
    let free = server(config.clone());
    let limited = server(config.with_max_size(LIMIT));
    let (mut fitted, mut refused) = (0, 0);
    for len in 0..200 {
        let mut truth = Visitor::from(&free);
        let put = async |session: Session| session.put("k", "x".repeat(len));
        truth.visit(put).await.expect("it fits");
        let truth = pair(&truth).len() - "=".len();
        let mut visitor = Visitor::from(&limited);
        let put = visitor.visit(put).await;
        let sent = || pair(&visitor).len() - "=".len();
        if put_size::fitted(put, sent, truth, LIMIT) {
            fitted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(fitted > 20 && refused > 20, "{fitted} {refused}");
}

#[tokio::test]
async fn put_knows_the_size_of_the_cookie_in_gos_format() {
    put_is_exact(shared()).await;
    put_is_exact(shared().with_block_key(b"0123456789abcdef")).await;
}
