//! How long a session in Go's format lives, and how large it may be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use session_runtime::{CookieStoreConfig, SessionLayer};

use super::{NOW, at, shared};
use crate::jar::Jar;
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
    let mut visitor = Jar::new();
    for age in [0, 90] {
        clock.store(NOW + age, Ordering::Relaxed);
        let put = visitor.visit(&server, |session| session.put("seen", age));
        put.await.expect("it fits");
    }
    for (age, seen) in [(149, Some(90)), (150, None)] {
        clock.store(NOW + age, Ordering::Relaxed);
        let found = visitor.visit(&server, |session| session.get::<u64>("seen"));
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
        let mut truth = Jar::new();
        let put = |session: session_runtime::Session| session.put("k", "x".repeat(len));
        truth.visit(&free, put).await.expect("it fits");
        let truth = truth.cookie.expect("a cookie").len() - "=".len();
        let mut visitor = Jar::new();
        let put = visitor.visit(&limited, put).await;
        let sent = || visitor.cookie.expect("a cookie").len() - "=".len();
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
