//! One cookie, several versions of a program: each reads what it knows and leaves the rest alone.

use serde::Deserialize;
use serde_json::value::RawValue;
use session_runtime::{Error, Key, Session};

use super::support::Visitor;

/// Values that another program wrote, as JSON text; no type of ours takes the last three.
const THEIRS: [(&str, &str); 7] = [
    ("z", r#"{"b":[1,2,{"c":null}],"a":0.10}"#),
    ("Ünïcode \"key\"\n", "\"\\u00e9\\/\""),
    ("uid", "7"),
    ("precise", "123456789012345678901234567890.5"),
    ("huge", "1e400"),
    ("surrogate", r#""\ud800""#),
    (
        "deep",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    ),
];

async fn visitor_of_theirs() -> Visitor {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            THEIRS.iter().try_for_each(|(key, text)| {
                let raw = RawValue::from_string((*text).to_owned()).unwrap();
                session.put(*key, raw)
            })
        })
        .await;
    visitor
}

fn expected(replaced: &str, by: &str, then: &str) -> String {
    let pairs = THEIRS.map(|(key, text)| {
        let text = if key == replaced { by } else { text };
        format!("{}:{text}", serde_json::Value::from(key))
    });
    format!("{{{}{then}}}", pairs.join(","))
}

#[tokio::test]
async fn keys_that_we_do_not_know_survive_unchanged_and_in_order() {
    let mut visitor = visitor_of_theirs().await;
    assert_eq!(visitor.payload(), expected("", "", ""));
    visitor
        .visit(|session| {
            session.put("ours", true)?;
            session.put("uid", 8)
        })
        .await;
    assert_eq!(visitor.payload(), expected("uid", "8", r#","ours":true"#));
    visitor
        .visit(|session| {
            session.renew()?;
            session.del("ours").map(drop)
        })
        .await;
    assert_eq!(visitor.payload(), expected("uid", "8", ""));
    assert_eq!(visitor.record().keys(), THEIRS.map(|(key, _)| key));
}

#[tokio::test]
async fn a_value_of_another_type_fails_its_own_key_only() {
    fn fails<T: for<'de> Deserialize<'de>>(session: &Session, key: &str) {
        match session.get::<T>(key) {
            Err(error @ Error::Type { .. }) => {
                assert_eq!(error.key(), Some(key));
                assert_eq!(error.status(), 500);
            }
            other => panic!("{key}: {:?}", other.map(|value| value.is_some())),
        }
    }
    let mut visitor = visitor_of_theirs().await;
    visitor
        .visit(|session| {
            fails::<String>(session, "uid");
            fails::<i64>(session, "z");
            fails::<f64>(session, "huge");
            fails::<String>(session, "surrogate");
            fails::<i64>(session, "precise");
            assert_eq!(session.get("uid")?, Some(7));
            assert_eq!(session.get("Ünïcode \"key\"\n")?, Some("é/".to_owned()));
            let take = session.take::<String>("uid");
            assert!(matches!(take, Err(Error::Type { .. })));
            let require = session.require(Key::<bool>::new("uid"));
            assert!(matches!(require, Err(Error::Type { .. })));
            Ok(())
        })
        .await;
    assert!(!visitor.answer.saves());
}

#[tokio::test]
async fn a_value_of_another_type_can_be_replaced_and_removed() {
    let mut visitor = visitor_of_theirs().await;
    visitor
        .visit(|session| {
            session.put("uid", "ada")?;
            assert!(session.contains("huge")?);
            assert!(session.del("huge")?);
            assert!(session.del("surrogate")?);
            Ok(())
        })
        .await;
    let uid = visitor.visit(|session| session.get("uid")).await;
    assert_eq!(uid, Some("ada".to_owned()));
    assert_eq!(visitor.record().keys().len(), THEIRS.len() - 2);
}
