//! A put or del that changes whose session it is renews the session by itself, so that a forgotten `renew` costs nothing.

use http::StatusCode;
use session_runtime::{Error, Key, KeyInfo, Result, Session, SessionData, SessionId, SessionLayer};

use super::kind;
use super::support::{Events, START, Visitor, config, time};

#[derive(SessionData)]
struct Account {
    /// Whose session it is.
    #[session(owner, alias = "user")]
    uid: i64,
    /// Nothing of the sort.
    theme: String,
}

#[derive(SessionData)]
struct Staff {
    /// Whose session it is, too.
    #[session(owner)]
    badge: String,
}

const UID: Key<i64> = Account::UID;

/// A visitor with a session, before anybody is signed in.
async fn visitor() -> Visitor {
    let mut visitor =
        Visitor::new().with_layer(|layer| layer.with_data::<Account>().expect("one owner"));
    visitor.visit(|session| session.put("theme", "dark")).await;
    visitor.clock.advance(100);
    visitor
}

async fn signed_in() -> Visitor {
    let mut visitor = visitor().await;
    visitor.visit(|session| session.put(UID, 7)).await;
    visitor.clock.advance(100);
    visitor
}

type Calls = fn(&Session) -> Result<()>;

/// Whether these calls renew the session, to the outside and to a request in flight.
async fn renews(visitor: &Visitor, calls: Calls) -> bool {
    let before = visitor.record();
    let put = |session: &Session| session.put("late", 1);
    let slow = visitor.begin(|session| session.keys().map(drop), put).await;
    let mut visitor = visitor.clone();
    let id: SessionId = visitor
        .visit(|session| {
            calls(session)?;
            session.id()
        })
        .await;
    let after = visitor.record();
    assert_eq!(after.id(), id);
    let is_renewed = after.id() != before.id();
    let born = if is_renewed {
        time(visitor.clock.seconds())
    } else {
        before.born()
    };
    assert_eq!(after.born(), born);
    assert_eq!(slow.finish().await.answer.saves(), !is_renewed, "in flight");
    is_renewed
}

#[tokio::test]
async fn a_sign_in_renews_however_it_puts_the_owner() {
    let calls: [Calls; 6] = [
        |session| session.put(UID, 7),
        |session| session.put("uid", 7),
        |session| session.put("uid", "somebody"),
        |session| session.of::<Account>().put_uid(7),
        |session| session.update(UID, |_| 7),
        |session| session.update("uid", |_: Option<i64>| 7),
    ];
    for (number, calls) in calls.into_iter().enumerate() {
        assert!(renews(&visitor().await, calls).await, "{number}");
    }
}

#[tokio::test]
async fn another_owner_renews_and_none_too() {
    let calls: [Calls; 7] = [
        |session| session.put(UID, 8),
        |session| session.put("uid", 8),
        |session| session.update(UID, |old| old.map_or(0, |old| old + 1)),
        |session| session.del(UID).map(drop),
        |session| session.del("uid").map(drop),
        |session| session.take(UID).map(drop),
        |session| session.take::<i64>("uid").map(drop),
    ];
    for (number, calls) in calls.into_iter().enumerate() {
        assert!(renews(&signed_in().await, calls).await, "{number}");
    }
}

#[tokio::test]
async fn what_leaves_the_owner_as_it_was_does_not() {
    let calls: [Calls; 6] = [
        |session| session.put(UID, 7),
        |session| session.put("uid", 7),
        |session| session.update(UID, |old| old.unwrap_or(0)),
        |session| session.put("theme", "light"),
        |session| session.del("theme").map(drop),
        Session::clear,
    ];
    for (number, calls) in calls.into_iter().enumerate() {
        assert!(!renews(&signed_in().await, calls).await, "{number}");
    }
    let none: [Calls; 2] = [
        |session| session.del(UID).map(drop),
        |session| session.take(UID).map(drop),
    ];
    for calls in none {
        assert!(!renews(&visitor().await, calls).await);
    }
}

/// A read of the key falls back to its aliases, so an alias says whose session it is as well.
#[tokio::test]
async fn an_alias_of_the_owner_is_the_owner() {
    let visitor = visitor().await;
    assert!(
        renews(&visitor, |session| session.put("user", 7)).await,
        "read as the owner"
    );
    assert_eq!(
        signed_in_by_alias()
            .await
            .visit(|session| session.get(UID))
            .await,
        Some(7)
    );
    let calls: [(Calls, bool); 7] = [
        (|session| session.put(UID, 7), false),
        (|session| session.put("user", 7), false),
        (|session| session.put("uid", 7), false),
        (|session| session.put(UID, 8), true),
        (|session| session.put("user", 8), true),
        (|session| session.del("user").map(drop), true),
        (|session| session.del(UID).map(drop), true),
    ];
    for (number, (calls, is_renewal)) in calls.into_iter().enumerate() {
        let old = signed_in_by_alias().await;
        assert_eq!(renews(&old, calls).await, is_renewal, "{number}");
    }
    let mut old = signed_in_by_alias().await;
    old.visit(|session| session.put("uid", 7)).await;
    assert!(
        !renews(&old, |session| session.del("user").map(drop)).await,
        "the name goes before"
    );
}

/// By a layer that declared no owner; the one that goes on does.
async fn signed_in_by_alias() -> Visitor {
    let mut old = visitor().await;
    let layer = old.plain.clone();
    old.deploy(SessionLayer::new(config()).expect("a good configuration"));
    old.visit(|session| session.put("user", 7)).await;
    old.deploy(layer);
    old
}

#[tokio::test]
async fn the_typed_key_says_so_itself_and_a_name_only_where_it_was_declared() {
    for (calls, is_renewal) in [
        ((|session| session.put(UID, 7)) as Calls, true),
        (|session| session.put("uid", 7), false),
    ] {
        let mut visitor = visitor().await;
        visitor.deploy(SessionLayer::new(config()).expect("a good configuration"));
        assert_eq!(renews(&visitor, calls).await, is_renewal);
    }
}

#[tokio::test]
async fn after_a_renewal_the_same_owner_renews_no_more() {
    let mut visitor = signed_in().await;
    let before = visitor.record().id();
    visitor
        .visit(|session| {
            session.renew()?;
            let id = session.id()?;
            assert_ne!(id, before);
            session.put(UID, 7)?;
            assert_eq!(session.id()?, id);
            session.put(UID, 8)?;
            let id = session.id()?;
            session.put(UID, 8)?;
            session.update(UID, |_| 8)?;
            assert_eq!(session.id()?, id);
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn the_data_survives_the_sign_in() {
    let mut visitor = visitor().await;
    visitor.visit(|session| session.put(UID, 7)).await;
    assert_eq!(visitor.payload(), r#"{"theme":"dark","uid":7}"#);
    assert!(!visitor.visit(Session::is_new).await);
}

#[tokio::test]
async fn a_put_that_fails_renews_nothing() {
    const NAME: Key<String> = Key::with_info(KeyInfo::new("name").owner());
    const SHORT: Key<String> = Key::with_info(KeyInfo::new("name").owner().with_max_len(4));
    let mut visitor = visitor().await;
    let before = visitor.record();
    let slow = visitor
        .begin(
            |session| session.keys().map(drop),
            |session| session.put("late", 1),
        )
        .await;
    visitor
        .visit(|session| {
            let large = session.put(NAME, "x".repeat(kind::ROOM + 1));
            assert!(matches!(large, Err(Error::TooLarge { .. })), "{large:?}");
            let long = session.put(SHORT, "x".repeat(5));
            assert!(matches!(long, Err(Error::TooLarge { .. })), "{long:?}");
            let large = session.update(NAME, |_| "x".repeat(kind::ROOM + 1));
            assert!(matches!(large, Err(Error::TooLarge { .. })), "{large:?}");
            let wrong = session.update("theme", |_: Option<i64>| 1);
            assert!(matches!(wrong, Err(Error::Type { .. })), "{wrong:?}");
            assert!(!session.contains(NAME)?);
            assert_eq!(
                (session.id()?, session.born()?),
                (before.id(), before.born())
            );
            Ok(())
        })
        .await;
    assert_eq!(visitor.answer.session_cookie(), None);
    assert!(slow.finish().await.answer.saves(), "nothing superseded it");
}

#[tokio::test]
async fn a_failed_page_drops_the_sign_in_and_supersedes_nobody() {
    for status in [StatusCode::BAD_GATEWAY, StatusCode::REQUEST_TIMEOUT] {
        let mut visitor = visitor().await;
        let slow = visitor
            .begin(
                |session| session.keys().map(drop),
                |session| session.put("late", 1),
            )
            .await;
        visitor
            .answered(status, |session| session.put(UID, 7))
            .await;
        assert_eq!(visitor.answer.session_cookie(), None, "{status}");
        assert!(slow.finish().await.answer.saves(), "{status}");
        assert_eq!(visitor.visit(|session| session.get(UID)).await, None);
    }
}

#[tokio::test]
async fn two_clicks_on_sign_in_sign_in() {
    let visitor = visitor().await;
    let sign_in = |session: &Session| session.put(UID, 7);
    let touch = |session: &Session| session.keys().map(drop);
    let one = visitor.begin(touch, sign_in).await;
    let two = visitor.begin(sign_in, touch).await;
    for mut visitor in [one.finish().await, two.finish().await] {
        assert!(visitor.answer.saves());
        assert_eq!(visitor.visit(|session| session.get(UID)).await, Some(7));
    }
}

/// The id that somebody planted before the sign-in is worth nothing after it.
#[tokio::test]
async fn a_planted_session_is_not_signed_in() {
    let mut attacker = visitor().await;
    let mut victim = attacker.clone();
    victim.visit(|session| session.put(UID, 7)).await;
    assert_eq!(attacker.visit(|session| session.get(UID)).await, None);
    assert_ne!(victim.record().id(), attacker.record().id());
}

#[tokio::test]
async fn after_destroy_an_owner_is_refused_and_after_restart_taken() {
    let mut visitor = signed_in().await;
    visitor
        .visit(|session| {
            session.destroy()?;
            assert!(matches!(session.put(UID, 8), Err(Error::Destroyed)));
            assert!(!session.del(UID)?);
            session.restart()?;
            session.put(UID, 8)
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"uid":8}"#);
    assert!(visitor.answer.saves());
}

#[tokio::test]
async fn a_sign_in_has_one_event() {
    let mut visitor = visitor().await;
    let events = Events::capture();
    visitor.visit(|session| session.put(UID, 7)).await;
    assert_eq!(events.outcomes(), ["changed"]);
}

#[test]
fn one_layer_has_one_owner() {
    let layer = || SessionLayer::new(config()).expect("a good configuration");
    let error = layer()
        .with_data::<Account>()
        .and_then(SessionLayer::with_data::<Staff>)
        .expect_err("two owners");
    let text = error.to_string();
    assert!(text.contains("'uid'") && text.contains("'badge'"), "{text}");
    let twice = layer().with_data::<Account>();
    twice
        .and_then(SessionLayer::with_data::<Account>)
        .expect("the same one");
}

#[tokio::test]
async fn at_the_sign_in_of_a_new_visitor_the_session_is_new() {
    let mut visitor = visitor().await;
    visitor.cookie = None;
    let events = Events::capture();
    visitor
        .visit(|session| {
            session.put(UID, 7)?;
            assert!(session.is_new()?);
            Ok(())
        })
        .await;
    assert_eq!(events.outcomes(), ["new"]);
    assert_eq!(visitor.record().born(), time(START + 100));
}
