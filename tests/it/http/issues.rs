//! When a cookie that holds the session is made, and when the clock is asked for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::support::{MAX_AGE, START, time};
use super::times::visitor_with_a;

#[tokio::test]
async fn a_change_issues_anew_from_the_time_of_the_response() {
    let mut visitor = visitor_with_a().await;
    let clock = visitor.clock.clone();
    visitor
        .visit(|session| {
            session.put("a", 2)?;
            clock.advance(30);
            Ok(())
        })
        .await;
    assert_eq!(visitor.record().issued_at(), time(START + 30));
    assert_eq!(visitor.record().expires_at(), time(START + 30 + MAX_AGE));
}

#[tokio::test]
async fn the_clock_is_asked_at_the_first_touch_and_at_the_response() {
    let asked = Arc::new(AtomicUsize::new(0));
    let mut visitor = visitor_with_a().await.with_layer(|layer| {
        let asked = Arc::clone(&asked);
        layer.with_clock(move || {
            asked.fetch_add(1, Ordering::SeqCst);
            time(START)
        })
    });
    visitor.visit(|_| Ok(())).await;
    assert_eq!(asked.swap(0, Ordering::SeqCst), 0, "not touched");
    visitor
        .visit(|session| {
            session.get::<i64>("a")?;
            session.put("b", 1)?;
            session.keys().map(drop)
        })
        .await;
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}
