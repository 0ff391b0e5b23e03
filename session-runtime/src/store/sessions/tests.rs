use core::time::Duration;
use std::sync::Arc;

use super::Sessions;
use crate::error::Error;
use crate::id::SessionId;
use crate::key::Key;
use crate::store::vault::tests::scripted::Turn;
use crate::store::vault::tests::{HOUR, World, done, ours};
use crate::store::vault::{Ours, Way};

const UID: Key<i64> = Key::new("uid");

struct Visitors {
    world: World,
    sessions: Sessions,
}

impl Visitors {
    fn new() -> Self {
        let world = World::new();
        let clock = world.clock.clone();
        let sessions = Sessions::new(Arc::clone(&world.vault), Arc::new(move || clock.now()));
        Self { world, sessions }
    }

    /// Signs this user in, from a browser of this name.
    async fn sign_in(&self, uid: i64, browser: &str) -> SessionId {
        let new = self.world.new_id();
        let text = format!(r#"{{"uid":{uid}}}"#);
        let ours = Ours {
            label: Some(browser),
            ..ours(&text)
        };
        let committed = self
            .world
            .vault
            .save(Way::Create(new), ours, self.world.times())
            .await;
        self.world.clock.advance(Duration::from_secs(1));
        done(committed).sid
    }

    async fn is_signed_in(&self, sid: SessionId) -> bool {
        self.world.text(&sid).await.is_some()
    }

    async fn labels(&self, uid: i64) -> Vec<String> {
        let listed = self
            .sessions
            .list(UID, &uid)
            .await
            .expect("the store is there");
        listed
            .iter()
            .map(|info| info.label().unwrap_or_default().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn a_user_sees_the_own_sessions_newest_first() {
    let visitors = Visitors::new();
    let began = visitors.world.now();
    let phone = visitors.sign_in(1, "phone").await;
    visitors.sign_in(1, "laptop").await;
    visitors.sign_in(2, "another's").await;
    assert_eq!(visitors.labels(1).await, ["laptop", "phone"]);
    let listed = visitors
        .sessions
        .list(UID, &1)
        .await
        .expect("the store is there");
    assert_eq!(listed[1].id(), visitors.world.vault.id(&phone));
    assert_eq!((listed[1].born(), listed[1].last_seen()), (began, began));
    assert_eq!(listed[1].expires_at(), began + HOUR);
    visitors.world.clock.advance(HOUR);
    assert!(visitors.labels(1).await.is_empty());
}

#[tokio::test]
async fn one_is_signed_out_by_its_owner_alone() {
    let visitors = Visitors::new();
    let phone = visitors.sign_in(1, "phone").await;
    let id = visitors
        .world
        .vault
        .id(&phone)
        .to_string()
        .parse()
        .expect("an id");
    let revoke = |uid: i64| {
        let sessions = &visitors.sessions;
        async move {
            sessions
                .revoke_one(UID, &uid, &id)
                .await
                .expect("the store is there")
        }
    };
    assert!(!revoke(2).await);
    assert!(visitors.is_signed_in(phone).await);
    assert!(revoke(1).await);
    assert!(!visitors.is_signed_in(phone).await);
    assert!(!revoke(1).await);
}

#[tokio::test]
async fn one_that_was_renewed_meanwhile_is_signed_out_by_the_id_that_was_listed() {
    let visitors = Visitors::new();
    let phone = visitors.sign_in(1, "phone").await;
    let listed = visitors
        .sessions
        .list(UID, &1)
        .await
        .expect("the store is there");
    let world = &visitors.world;
    let crate::store::vault::Found::Session(base) = world.load(&phone).await else {
        panic!("there is no session");
    };
    let renewed = done(world.renew(&base, world.new_id(), r#"{"uid":1}"#).await);
    for (uid, is_theirs) in [(2, false), (1, true)] {
        let revoked = visitors
            .sessions
            .revoke_one(UID, &uid, &listed[0].id())
            .await;
        assert_eq!(revoked.expect("the store is there"), is_theirs);
        assert_eq!(visitors.is_signed_in(renewed.sid).await, !is_theirs);
    }
}

#[tokio::test]
async fn all_are_signed_out_but_the_spared() {
    let visitors = Visitors::new();
    let (phone, laptop) = (
        visitors.sign_in(1, "phone").await,
        visitors.sign_in(1, "laptop").await,
    );
    let other = visitors.sign_in(2, "another's").await;
    let spared = vec![visitors.world.vault.id(&laptop)];
    let revoked = visitors.sessions.revoke_but(UID, &1, spared).await;
    assert_eq!(revoked.expect("the store is there"), 1);
    assert_eq!(visitors.labels(1).await, ["laptop"]);
    let revoked = visitors.sessions.revoke_all(UID, &1).await;
    assert_eq!(revoked.expect("the store is there"), 1);
    for sid in [phone, laptop] {
        assert!(!visitors.is_signed_in(sid).await);
    }
    assert!(visitors.is_signed_in(other).await);
}

#[tokio::test]
async fn a_session_of_anybody_is_signed_out_by_its_id() {
    let visitors = Visitors::new();
    let anonymous = visitors.world.session("{}").await;
    assert!(
        visitors
            .sessions
            .revoke(&anonymous.id)
            .await
            .expect("the store is there")
    );
    assert!(!visitors.is_signed_in(anonymous.sid).await);
}

#[tokio::test]
async fn another_key_than_the_owner_s_is_refused() {
    const CART: Key<i64> = Key::new("cart");
    let visitors = Visitors::new();
    visitors.world.store.next([]);
    let sessions = &visitors.sessions;
    let id = visitors.world.vault.id(&visitors.world.new_id().sid);
    let errors = [
        sessions.list(CART, &1).await.err(),
        sessions.revoke_one(CART, &1, &id).await.err(),
        sessions.revoke_all(CART, &1).await.err(),
    ];
    for error in errors {
        assert!(matches!(error, Some(Error::NotOwner { key }) if key == "cart"));
    }
    assert!(visitors.world.store.calls().is_empty());
}

#[tokio::test]
async fn a_store_that_is_not_reached_is_told() {
    let visitors = Visitors::new();
    let phone = visitors.sign_in(1, "phone").await;
    let id = visitors.world.vault.id(&phone);
    let unreached = |count| (0..count).map(|_| Turn::Unreached);
    visitors.world.store.next(unreached(1));
    assert!(matches!(
        visitors.sessions.list(UID, &1).await,
        Err(Error::Unavailable)
    ));
    visitors.world.store.next(unreached(2));
    assert!(matches!(
        visitors.sessions.revoke_one(UID, &1, &id).await,
        Err(Error::Unavailable)
    ));
    visitors.world.store.next(unreached(1));
    assert!(matches!(
        visitors.sessions.revoke_all(UID, &1).await,
        Err(Error::Unavailable)
    ));
    visitors.world.store.next(unreached(1));
    assert!(matches!(
        visitors.sessions.sweep().await,
        Err(Error::Unavailable)
    ));
    assert!(visitors.is_signed_in(phone).await);
}

#[tokio::test(start_paused = true)]
async fn a_sweeper_survives_errors() {
    let visitors = Visitors::new();
    visitors.sign_in(1, "phone").await;
    visitors
        .world
        .clock
        .advance(HOUR + Duration::from_secs(86_400));
    visitors
        .world
        .store
        .next([Turn::Unreached, Turn::Unreached]);
    let sweeper = tokio::spawn(visitors.sessions.clone().sweeper());
    tokio::time::sleep(Duration::from_secs(1_000)).await;
    sweeper.abort();
    assert_eq!(visitors.world.store.calls(), ["sweep"; 4]);
    assert!(visitors.world.store.engine.is_empty());
}
