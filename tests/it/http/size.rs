//! `put` tells the truth: what it took fits into the cookie, and what it refused changed nothing.

use std::time::Duration;

use serde_json::value::RawValue;
use session_runtime::{Error, Key, KeyInfo};

use super::support::{NAME, Visitor, config};
use crate::put_size;

/// Bytes of name and value of the visitor's cookie.
fn size(visitor: &Visitor) -> usize {
    visitor.cookie.as_ref().unwrap().len() - "=".len()
}

#[tokio::test]
async fn a_put_that_is_too_large_says_what_is_large_and_changes_nothing() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("small", 1)?;
            session.put("cart", "c".repeat(2_000))?;
            session.put("draft", "d".repeat(500))
        })
        .await;
    let before = visitor.payload();

    visitor
        .visit(|session| {
            let put = session.put("upload", "u".repeat(1_500));
            let Err(Error::TooLarge {
                key,
                size,
                limit,
                largest,
            }) = put
            else {
                panic!("{put:?}");
            };
            assert_eq!((key.as_str(), limit), ("upload", 4_096));
            let payload = before.len() + r#","upload":"""#.len() + 1_500;
            assert_eq!(size, NAME.len() + ((66 + payload) * 4).div_ceil(3));
            let expected = [
                ("cart", 2_009),
                ("upload", 1_511),
                ("draft", 510),
                ("small", 9),
            ];
            assert_eq!(largest, expected.map(|(key, len)| (key.to_owned(), len)));
            assert!(!session.contains("upload")?);
            assert_eq!(session.keys()?, ["small", "cart", "draft"]);
            Ok(())
        })
        .await;
    assert!(!visitor.answer.saves(), "nothing changed");

    visitor
        .visit(|session| {
            let replaced = session.put("small", "s".repeat(2_000));
            assert!(matches!(replaced, Err(Error::TooLarge { .. })));
            assert_eq!(session.get("small")?, Some(1), "as it was");
            session.put("next", 2)
        })
        .await;
    assert_eq!(visitor.payload(), before.replace('}', r#","next":2}"#));
}

#[tokio::test]
async fn a_refused_put_of_a_key_with_aliases_keeps_them() {
    const NAMED: Key<String> = Key::with_info(KeyInfo::new("name").with_aliases(&["nick", "nom"]));
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("nick", "a")?;
            session.put("x", 1)?;
            session.put("nom", "b")?;
            let put = session.put(NAMED, "n".repeat(4_000));
            assert!(matches!(put, Err(Error::TooLarge { .. })));
            Ok(())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"nick":"a","x":1,"nom":"b"}"#);
}

#[tokio::test]
async fn the_size_is_exact_at_every_byte_around_the_limit() {
    const LIMIT: usize = 400;
    const BRIEF: Key<String> =
        Key::with_info(KeyInfo::new("bri\"ef").with_ttl(Duration::from_secs(9)));
    let limited = Visitor::of(config().with_max_size(LIMIT));
    let free = Visitor::new();
    let (mut fitted, mut refused) = (0, 0);
    for len in 0..300 {
        let value = "é\"\n"[..].chars().cycle().take(len).collect::<String>();
        let mut truth = free.clone();
        let puts = |session: &session_runtime::Session| {
            session.put(BRIEF, "1".to_owned())?;
            session.put("other", 1)?;
            session.put(BRIEF, value.clone())
        };
        truth.visit(puts).await;
        let truth = size(&truth);
        let mut judged = limited.clone();
        let put = judged.visit(|session| Ok(puts(session))).await;
        if put_size::fitted(put, || size(&judged), truth, LIMIT) {
            fitted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(fitted > 50 && refused > 50, "{fitted} {refused}");
}

#[tokio::test]
async fn the_largest_cookie_that_browsers_keep_can_be_used_in_full() {
    let mut visitor = Visitor::new();
    let fixed = r#"{"k":""}"#.len() + 66;
    let room = (4_096 - NAME.len()) * 3 / 4 - fixed;
    visitor
        .visit(|session| {
            let over = session.put("k", "x".repeat(room + 1));
            assert!(
                matches!(over, Err(Error::TooLarge { size: 4_097, .. })),
                "{over:?}"
            );
            session.put("k", "x".repeat(room))
        })
        .await;
    assert_eq!(size(&visitor), 4_095);
    let read = visitor
        .visit(|session| session.require::<String>("k"))
        .await;
    assert_eq!(read.len(), room);
}

#[tokio::test]
async fn a_session_over_a_lowered_limit_is_read_and_can_shrink() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("big", "b".repeat(2_000))?;
            session.put("uid", 7)
        })
        .await;
    let mut lowered = Visitor::of(config().with_max_size(1_000));
    lowered.cookie = visitor.cookie.clone();
    lowered
        .visit(|session| {
            assert_eq!(session.get("uid")?, Some(7));
            assert!(matches!(session.put("uid", 8), Err(Error::TooLarge { .. })));
            session.del("big")?;
            session.put("uid", 8)
        })
        .await;
    assert_eq!(lowered.payload(), r#"{"uid":8}"#);
}

#[tokio::test]
async fn a_session_over_a_lowered_limit_still_loses_what_is_deleted() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("big", "b".repeat(2_000))?;
            session.put("uid", 7)
        })
        .await;
    let mut lowered = Visitor::of(config().with_max_size(1_000));
    lowered.cookie = visitor.cookie.clone();
    assert!(lowered.visit(|session| session.del("uid")).await);
    assert_eq!(
        lowered.record().keys(),
        ["big"],
        "what del answered is true"
    );
}

#[tokio::test]
async fn a_value_over_its_keys_max_len_is_too_large() {
    const SHORT: Key<String> = Key::with_info(KeyInfo::new("short").with_max_len(5));
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put(SHORT, "abc".to_owned())?;
            let put = session.put(SHORT, "abcd".to_owned());
            let expected = (6, 5, vec![("short".to_owned(), 6)]);
            match put {
                Err(Error::TooLarge {
                    size,
                    limit,
                    largest,
                    ..
                }) => assert_eq!((size, limit, largest), expected),
                other => panic!("{other:?}"),
            }
            Ok(())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"short":"abc"}"#);
}

#[tokio::test]
async fn what_would_not_decode_again_is_refused() {
    let nested = |levels: usize| {
        let text = "[".repeat(levels) + &"]".repeat(levels);
        RawValue::from_string(text).unwrap()
    };
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            let deep = session.put("deep", nested(128));
            assert!(matches!(deep, Err(Error::TooDeep { .. })), "{deep:?}");
            session.put("deep", nested(127))?;
            let nan = session.put(Key::<f64>::new("ratio"), f64::NAN);
            assert!(matches!(nan, Err(Error::Encode { .. })), "{nan:?}");
            Ok(())
        })
        .await;
    let read = visitor.visit(|session| session.get::<serde_json::Value>("deep"));
    assert!(read.await.is_some());
}

#[tokio::test]
async fn names_of_the_format_are_refused() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            for name in ["~", "~id", "~~"] {
                let put = session.put(name, 1);
                assert!(matches!(put, Err(Error::ReservedKey { .. })), "{put:?}");
                let update = session.update(name, |_: Option<i64>| 1);
                assert!(matches!(update, Err(Error::ReservedKey { .. })));
                assert!(!session.contains(name)?);
            }
            session.put("a~", 1)?;
            session.put("", 2)
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"a~":1,"":2}"#);
}
