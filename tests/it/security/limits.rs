//! The limits of a session in a cookie that the README states: they are true, so that nobody builds on the opposite.

use session_runtime::Session;

use super::support::{MAX_AGE, START, Visitor};

async fn count(visitor: &mut Visitor) -> u32 {
    let count = |session: &Session| {
        session.update("attempts", |before: Option<u32>| before.unwrap_or(0) + 1)?;
        session.require("attempts")
    };
    visitor.visit(count).await
}

#[tokio::test]
async fn an_old_cookie_brings_the_old_state_back() {
    let mut visitor = Visitor::new();
    assert_eq!(count(&mut visitor).await, 1);
    let mut old = visitor.clone();
    for attempt in 2..10 {
        assert_eq!(count(&mut visitor).await, attempt);
    }
    assert_eq!(count(&mut old).await, 2, "never keep a counter of attempts");
}

#[tokio::test]
async fn a_cookie_that_somebody_copied_is_good_until_it_expires_also_after_the_sign_out() {
    let mut visitor = Visitor::new();
    count(&mut visitor).await;
    let thief = visitor.clone();
    visitor.visit(Session::destroy).await;
    for (second, good) in [
        (59, false),
        (60, true),
        (MAX_AGE - 1, true),
        (MAX_AGE, false),
    ] {
        visitor.clock.set(START + second);
        let mut thief = thief.clone();
        let is_new = thief.visit(Session::is_new).await;
        assert_eq!(!is_new, good, "{second} s after");
    }
}

#[tokio::test]
async fn of_two_requests_that_write_in_parallel_the_later_answer_wins() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("cart", 0)).await;
    let one = visitor
        .begin(|session| session.put("cart", 1), |_| Ok(()))
        .await;
    let two = visitor
        .begin(|session| session.put("theme", 2), |_| Ok(()))
        .await;
    visitor.note(one.finish().await.answer.headers);
    visitor.note(two.finish().await.answer.headers);
    assert_eq!(visitor.payload(), r#"{"cart":0,"theme":2}"#);
}
