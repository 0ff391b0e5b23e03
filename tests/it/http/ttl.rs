//! Keys that disappear by themselves, at the exact second.

use std::time::Duration;

use session_runtime::{Key, KeyInfo};

use super::support::{MAX_AGE, START, Visitor};

const BRIEF: Key<i64> = Key::with_info(KeyInfo::new("brief").with_ttl(Duration::from_secs(100)));

async fn visitor_with_brief() -> Visitor {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put(BRIEF, 1)).await;
    visitor
}

async fn reads_brief(visitor: &mut Visitor) -> bool {
    visitor
        .visit(|session| {
            let there = session.get(BRIEF)?.is_some();
            assert_eq!(session.contains(BRIEF)?, there);
            Ok(there)
        })
        .await
}

#[tokio::test]
async fn the_deadline_is_in_the_cookie() {
    let visitor = visitor_with_brief().await;
    let deadline = START + 100;
    assert_eq!(
        visitor.payload(),
        format!(r#"{{"brief":1,"~":{{"brief":{deadline}}}}}"#)
    );
    assert_eq!(visitor.record().keys(), ["brief"]);
}

#[tokio::test]
async fn at_its_deadline_it_is_absent() {
    for (age, there) in [(99, true), (100, false), (101, false)] {
        let mut visitor = visitor_with_brief().await;
        visitor.clock.advance(age);
        visitor
            .visit(|session| {
                assert_eq!(session.get(BRIEF)?.is_some(), there, "typed, after {age} s");
                assert_eq!(session.get::<i64>("brief")?.is_some(), there, "untyped");
                assert_eq!(session.contains("brief")?, there);
                assert_eq!(session.keys()?.len(), usize::from(there));
                assert_eq!(session.record()?.get(BRIEF)?.is_some(), there);
                assert_eq!(session.take(BRIEF)?.is_some(), there);
                Ok(())
            })
            .await;
    }
}

#[tokio::test]
async fn its_end_causes_no_save_and_the_next_save_sweeps_it() {
    let mut visitor = visitor_with_brief().await;
    visitor.clock.advance(100);
    visitor
        .visit(|session| {
            assert!(!session.contains(BRIEF)?);
            assert!(!session.del(BRIEF)?);
            Ok(())
        })
        .await;
    assert!(!visitor.answer.saves());
    visitor
        .visit(|session| {
            session.put("a", 1)?;
            session.del("a").map(drop)
        })
        .await;
    assert!(!visitor.answer.saves(), "changed and changed back");
    visitor.visit(|session| session.put("a", 1)).await;
    assert_eq!(visitor.payload(), r#"{"a":1}"#);
}

#[tokio::test]
async fn a_key_that_ends_before_the_response_is_swept_from_it() {
    let mut visitor = visitor_with_brief().await;
    let clock = visitor.clock.clone();
    visitor
        .visit(|session| {
            session.put("a", 1)?;
            clock.advance(100);
            assert!(session.contains(BRIEF)?, "judged at the first touch");
            Ok(())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"a":1}"#);
}

#[tokio::test]
async fn a_typed_put_sets_the_deadline_anew_also_for_an_equal_value() {
    let mut visitor = visitor_with_brief().await;
    visitor.clock.advance(60);
    visitor.visit(|session| session.put(BRIEF, 1)).await;
    assert!(visitor.answer.saves());
    visitor.clock.advance(99);
    assert!(reads_brief(&mut visitor).await);
    visitor.clock.advance(1);
    assert!(!reads_brief(&mut visitor).await);
}

#[tokio::test]
async fn an_update_is_a_put() {
    let mut visitor = visitor_with_brief().await;
    visitor.clock.advance(60);
    visitor
        .visit(|session| session.update(BRIEF, |old| old.unwrap_or(0)))
        .await;
    visitor.clock.advance(99);
    assert!(reads_brief(&mut visitor).await);
}

#[tokio::test]
async fn reads_and_other_saves_do_not_move_it() {
    let mut visitor = visitor_with_brief().await;
    for step in 0..9 {
        visitor.clock.advance(11);
        assert!(reads_brief(&mut visitor).await);
        visitor.visit(|session| session.put("other", step)).await;
    }
    visitor.clock.advance(1);
    assert!(!reads_brief(&mut visitor).await);
}

#[tokio::test]
async fn an_untyped_put_clears_it() {
    let mut visitor = visitor_with_brief().await;
    visitor.visit(|session| session.put("brief", 1)).await;
    assert!(visitor.answer.saves(), "the deadline is gone");
    assert_eq!(visitor.payload(), r#"{"brief":1}"#);
    visitor.clock.advance(300);
    let untyped = visitor.visit(|session| session.contains("brief")).await;
    assert!(untyped);
}

#[tokio::test]
async fn one_found_without_a_deadline_lives_from_the_issue_of_its_cookie() {
    for (age, there) in [(99, true), (100, false)] {
        let mut visitor = Visitor::new();
        visitor.visit(|session| session.put("brief", 1)).await;
        visitor.clock.advance(age);
        assert_eq!(reads_brief(&mut visitor).await, there, "after {age} s");
        assert!(!visitor.answer.saves(), "a read changes nothing");
    }
}

#[tokio::test]
async fn one_found_without_a_deadline_is_not_kept_alive_by_saves() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("brief", 1)).await;
    for step in 0..3 {
        visitor.clock.advance(33);
        visitor
            .visit(|session| {
                assert!(session.get(BRIEF)?.is_some());
                session.put("other", step)
            })
            .await;
    }
    visitor.clock.advance(1);
    assert!(!reads_brief(&mut visitor).await);
}

#[tokio::test]
async fn del_and_clear_remove_the_deadline_with_the_value() {
    let mut visitor = visitor_with_brief().await;
    let mut other = visitor.clone();
    visitor.visit(|session| session.del("brief")).await;
    assert_eq!(visitor.payload(), "{}");
    other.visit(session_runtime::Session::clear).await;
    assert_eq!(other.payload(), "{}");
}

#[tokio::test]
async fn a_rolled_cookie_keeps_the_deadline() {
    const LONG: Key<i64> =
        Key::with_info(KeyInfo::new("long").with_ttl(Duration::from_secs(MAX_AGE)));
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put(LONG, 1)).await;
    let before = visitor.payload();
    visitor.clock.advance(MAX_AGE / 2);
    visitor.visit(|session| session.contains("x")).await;
    assert!(visitor.answer.saves());
    assert_eq!(visitor.payload(), before);
    visitor.clock.set(START + MAX_AGE - 1);
    assert!(visitor.visit(|session| session.contains(LONG)).await);
    visitor.clock.advance(1);
    assert!(!visitor.visit(|session| session.contains(LONG)).await);
}
