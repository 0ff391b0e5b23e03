//! Several tasks of one request at once, and user code in the middle of a call.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};
use session_runtime::{Error, Key, Session};

use super::support::Visitor;

#[tokio::test]
async fn updates_of_two_threads_lose_no_increment() {
    const EACH: u32 = 2_000;
    const COUNT: Key<u32> = Key::new("count");
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            let start = Barrier::new(2);
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        start.wait();
                        for _ in 0..EACH {
                            let add = |count: Option<u32>| count.unwrap_or(0) + 1;
                            session.update(COUNT, add).unwrap();
                        }
                    });
                }
            });
            assert_eq!(session.get(COUNT)?, Some(2 * EACH));
            Ok(())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"count":4000}"#);
}

#[tokio::test]
async fn puts_of_many_threads_all_arrive() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            let start = Barrier::new(8);
            thread::scope(|scope| {
                for number in 0..8 {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        session.put(format!("k{number}"), number).unwrap();
                    });
                }
            });
            Ok(())
        })
        .await;
    assert_eq!(visitor.record().keys().len(), 8);
}

#[tokio::test]
async fn threads_that_touch_first_at_once_see_one_session() {
    for _ in 0..50 {
        let mut visitor = Visitor::new();
        let id = visitor
            .visit(|session| {
                let start = Barrier::new(4);
                let ids: Vec<_> = thread::scope(|scope| {
                    let touch = || {
                        start.wait();
                        session.id().unwrap()
                    };
                    let tasks: Vec<_> = (0..4).map(|_| scope.spawn(touch)).collect();
                    tasks.into_iter().map(|task| task.join().unwrap()).collect()
                });
                assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
                Ok(ids[0])
            })
            .await;
        assert_eq!(visitor.record().id(), id);
    }
}

/// Runs code of its own when it is stored and when it is read.
struct Nosy(fn());

impl Serialize for Nosy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.0)();
        serializer.serialize_i64(1)
    }
}

fn current() -> Session {
    Session::current().expect("below the layer")
}

fn panics() {
    resume_unwind(Box::new("as the test wants it"));
}

#[tokio::test]
async fn a_serialize_that_uses_the_session_may() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("a", Nosy(|| current().put("within", 2).unwrap()))?;
            session.put("within", Nosy(|| current().put("within", 3).unwrap()))
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"within":1,"a":1}"#);
}

#[tokio::test]
async fn a_serialize_that_panics_leaves_the_session_usable() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("a", 1)?;
            let put = AssertUnwindSafe(|| session.put("a", Nosy(panics)));
            assert!(catch_unwind(put).is_err());
            assert_eq!(session.get("a")?, Some(1));
            session.put("b", 2)
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"a":1,"b":2}"#);
}

struct Reads;

impl<'de> Deserialize<'de> for Reads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        current().put("read", number).unwrap();
        if number == 0 {
            panics();
        }
        Ok(Self)
    }
}

#[tokio::test]
async fn a_deserialize_may_use_the_session_or_panic() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("a", 5)?;
            assert!(session.get::<Reads>("a")?.is_some());
            session.put("a", 0)?;
            let get = AssertUnwindSafe(|| session.get::<Reads>("a"));
            assert!(catch_unwind(get).is_err());
            session.put("b", 2)
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"a":0,"read":0,"b":2}"#);
}

#[tokio::test]
async fn an_update_closure_may_use_the_session_or_panic() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.update("a", |old: Option<i64>| {
                session.put("other", 2).unwrap();
                old.unwrap_or(0) + 1
            })?;
            let update = AssertUnwindSafe(|| {
                session.update("a", |_: Option<i64>| {
                    panics();
                    0
                })
            });
            assert!(catch_unwind(update).is_err());
            session.update("a", |old: Option<i64>| old.unwrap_or(0) + 1)
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"other":2,"a":2}"#);
}

#[tokio::test]
async fn an_update_closure_that_writes_its_own_key_is_told_so() {
    let calls = AtomicUsize::new(0);
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            let update = session.update("a", |_: Option<usize>| {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                session.put("a", call).unwrap();
                0
            });
            assert!(matches!(update, Err(Error::Contended { .. })), "{update:?}");
            session.put("b", 2)
        })
        .await;
    assert!(visitor.record().get::<i64>("b").unwrap().is_some());
}

#[tokio::test]
async fn an_update_of_a_value_of_another_type_changes_nothing() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            session.put("a", "text")?;
            let update = session.update("a", |_: Option<i64>| panic!("not asked"));
            assert!(matches!(update, Err(Error::Type { .. })), "{update:?}");
            Ok(())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"a":"text"}"#);
}
