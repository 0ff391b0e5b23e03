//! Once the response head is made, or the request's future is gone, every call of a handle that was kept says so.

use std::time::Duration;

use session_runtime::{Error, Key, KeyInfo, Lifetime, Result, Session};

use super::support::Visitor;

const OWNER: Key<i64> = Key::with_info(KeyInfo::new("uid").owner());

type Call = fn(&Session) -> Result<()>;

const EVERY_CALL: [(&str, Call); 21] = [
    ("get", |session| session.get::<i64>("uid").map(drop)),
    ("require", |session| session.require::<i64>("uid").map(drop)),
    ("put", |session| session.put("n", 8)),
    ("put the owner", |session| session.put(OWNER, 8)),
    ("take", |session| session.take::<i64>("uid").map(drop)),
    ("update", |session| session.update("n", |_: Option<i64>| 8)),
    ("del", |session| session.del("n").map(drop)),
    ("del the owner", |session| session.del(OWNER).map(drop)),
    ("contains", |session| session.contains("uid").map(drop)),
    ("keys", |session| session.keys().map(drop)),
    ("clear", Session::clear),
    ("renew", Session::renew),
    ("destroy", Session::destroy),
    ("restart", Session::restart),
    ("set_lifetime", |session| {
        session.set_lifetime(Lifetime::For(Duration::from_secs(10)))
    }),
    ("lifetime", |session| session.lifetime().map(drop)),
    ("id", |session| session.id().map(drop)),
    ("is_new", |session| session.is_new().map(drop)),
    ("born", |session| session.born().map(drop)),
    ("expires_at", |session| session.expires_at().map(drop)),
    ("record", |session| session.record().map(drop)),
];

fn assert_ended(session: &Session) {
    for (name, call) in EVERY_CALL {
        let result = call(session);
        assert!(
            matches!(result, Err(Error::RequestEnded)),
            "{name}: {result:?}"
        );
    }
}

#[tokio::test]
async fn after_the_response_head_every_call_says_so() {
    let ways: [Call; 6] = [
        |_| Ok(()),
        |session| session.put("n", 1),
        Session::destroy,
        Session::restart,
        |session| session.set_lifetime(Lifetime::Browser(Duration::from_secs(10))),
        |session| session.put(OWNER, 9),
    ];
    for way in ways {
        let mut visitor = Visitor::new();
        visitor.visit(|session| session.put(OWNER, 7)).await;
        let kept = visitor
            .visit(|session| {
                way(session)?;
                Ok(session.clone())
            })
            .await;
        let sent = visitor.cookie.clone();
        assert_ended(&kept);
        assert!(visitor.layer.requests().is_empty());
        let mut later = Visitor {
            cookie: sent,
            ..visitor
        };
        later.visit(|session| session.keys().map(drop)).await;
    }
}

#[tokio::test]
async fn after_the_client_left_every_call_says_so() {
    let (tell, told) = std::sync::mpsc::channel();
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put(OWNER, 7)).await;
    let first = move |session: &Session| {
        session.restart()?;
        tell.send(session.clone()).expect("the test listens");
        Ok(())
    };
    visitor.begin(first, |_| Ok(())).await.cancel().await;
    assert_ended(&told.recv().expect("a handle"));
    assert!(visitor.layer.requests().is_empty());
}

/// Every call touches the session, so that no cache gives one visitor another one's page.
#[tokio::test]
async fn every_call_before_it_marks_the_response() {
    for (name, call) in EVERY_CALL {
        let mut visitor = Visitor::new();
        visitor.visit(|session| session.put(OWNER, 7)).await;
        visitor.visit(call).await;
        assert_eq!(visitor.answer.all("vary"), ["Cookie"], "{name}");
        let expected = if visitor.answer.session_cookie().is_some() {
            "no-store"
        } else {
            "private"
        };
        assert_eq!(visitor.answer.all("cache-control"), [expected], "{name}");
    }
}
