//! Flash values: shown once, and not lost before they were shown.

use http::StatusCode;
use session_runtime::{Error, Key, KeyInfo};

use super::kind;
use super::support::Visitor;

const NOTICE: Key<String> = Key::with_info(KeyInfo::new("notice").flash());

fn text(text: &str) -> String {
    text.to_owned()
}

#[tokio::test]
async fn a_notice_is_shown_on_the_page_after_the_redirect_and_not_again() {
    let mut visitor = Visitor::new();
    visitor
        .answered(StatusCode::SEE_OTHER, |session| {
            session.put("uid", 7)?;
            session.put(NOTICE, text("saved"))
        })
        .await;

    let shown = visitor.visit(|session| session.get(NOTICE)).await;
    assert_eq!(shown, Some(text("saved")));
    assert!(visitor.answer.saves());
    assert_eq!(visitor.payload(), r#"{"uid":7}"#);

    let again = visitor.visit(|session| session.get(NOTICE)).await;
    assert_eq!(again, None);
    assert!(!visitor.answer.saves());
}

#[tokio::test]
async fn it_is_readable_any_number_of_times_in_the_request_that_shows_it() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put(NOTICE, text("a")))
        .await;
    visitor
        .visit(|session| {
            for _ in 0..3 {
                assert_eq!(session.get(NOTICE)?, Some(text("a")));
            }
            assert_eq!(session.require(NOTICE)?, "a");
            assert!(session.contains(NOTICE)?);
            Ok(())
        })
        .await;
    assert_eq!(visitor.payload(), "{}");
}

#[tokio::test]
async fn require_and_take_consume_it_too() {
    let (mut visitor, mut other) = (Visitor::new(), Visitor::new());
    for visitor in [&mut visitor, &mut other] {
        visitor
            .visit(|session| session.put(NOTICE, text("a")))
            .await;
    }
    visitor.visit(|session| session.require(NOTICE)).await;
    assert_eq!(visitor.payload(), "{}");
    other
        .visit(|session| {
            assert_eq!(session.take(NOTICE)?, Some(text("a")));
            assert_eq!(session.get(NOTICE)?, None);
            Ok(())
        })
        .await;
    assert_eq!(other.payload(), "{}");
}

#[tokio::test]
async fn it_survives_requests_that_do_not_read_it() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put(NOTICE, text("a")))
        .await;
    visitor.visit(|session| session.put("x", 1)).await;
    visitor
        .visit(|session| {
            assert!(session.contains(NOTICE)?);
            assert_eq!(session.keys()?, ["notice", "x"]);
            assert_eq!(session.get::<String>("notice")?, Some(text("a")));
            assert_eq!(session.record()?.get(NOTICE)?, Some(text("a")));
            Ok(())
        })
        .await;
    assert!(!visitor.answer.saves(), "none of these consumes");
    let shown = visitor.visit(|session| session.get(NOTICE)).await;
    assert_eq!(shown, Some(text("a")));
}

#[tokio::test]
async fn a_failed_page_keeps_it() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put(NOTICE, text("a")))
        .await;
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK] {
        let shown = visitor
            .answered(status, |session| session.get(NOTICE))
            .await;
        assert_eq!(shown, Some(text("a")), "{status}");
    }
    assert_eq!(visitor.visit(|session| session.get(NOTICE)).await, None);
}

#[tokio::test]
async fn one_that_does_not_decode_is_kept() {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put("notice", 5)).await;
    visitor
        .visit(|session| {
            assert!(matches!(session.get(NOTICE), Err(Error::Type { .. })));
            Ok(())
        })
        .await;
    assert!(!visitor.answer.saves());
    assert_eq!(visitor.payload(), r#"{"notice":5}"#);
}

#[tokio::test]
async fn a_put_after_the_read_is_for_the_next_request() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put(NOTICE, text("a")))
        .await;
    for next in ["b", "b", "c"] {
        visitor
            .visit(|session| {
                session.get(NOTICE)?;
                session.put(NOTICE, text(next))?;
                assert_eq!(session.get(NOTICE)?, Some(text(next)));
                Ok(())
            })
            .await;
        assert_eq!(visitor.record().get(NOTICE).unwrap(), Some(text(next)));
    }
    let shown = visitor.visit(|session| session.get(NOTICE)).await;
    assert_eq!(shown, Some(text("c")));
}

#[tokio::test]
async fn one_put_and_read_in_the_same_request_was_shown() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put(NOTICE, text("a"))?;
            session.get(NOTICE)
        })
        .await;
    assert!(visitor.answer.is_silent());
}

#[tokio::test]
async fn a_shown_one_takes_no_room_from_a_put() {
    let mut visitor = Visitor::new();
    let big = "x".repeat(kind::ROOM / 8 * 5);
    visitor
        .visit(|session| session.put(NOTICE, big.clone()))
        .await;
    visitor
        .visit(|session| {
            let unread = session.put("y", &big);
            assert!(matches!(unread, Err(Error::TooLarge { .. })));
            session.get(NOTICE)?;
            session.put("y", &big)
        })
        .await;
    assert_eq!(visitor.record().keys(), ["y"]);
}
