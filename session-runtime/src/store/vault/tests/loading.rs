use core::time::Duration;

use super::scripted::Turn;
use super::*;
use crate::store::{Create, Row, SessionStore, WriteId};

#[tokio::test]
async fn a_load_without_an_answer_is_tried_once_more() {
    let world = World::new();
    let base = world.session("{}").await;
    for lost in [Turn::Unreached, Turn::Lost] {
        world.store.next([lost]);
        session(world.load(&base.sid).await);
        assert_eq!(world.store.calls(), ["load", "load"]);
    }
    world.store.next([Turn::Unreached, Turn::Unreached]);
    let loaded = world.vault.load(&base.sid, world.now()).await;
    assert!(matches!(loaded, Err(Error::Unavailable)));
    assert_eq!(world.store.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_load_is_tried_within_the_time_of_one_trip() {
    let world = World::new();
    let base = world.session("{}").await;
    world.store.next([Turn::Unreached, Turn::Hangs]);
    let begun = tokio::time::Instant::now();
    let loaded = world.vault.load(&base.sid, world.now()).await;
    assert!(matches!(loaded, Err(Error::Unavailable)));
    assert_eq!(begun.elapsed().as_millis(), 500);
    let slow = Turn::After(Box::pin(tokio::time::sleep(Duration::from_millis(500))));
    world.store.next([slow]);
    session(world.load(&base.sid).await);
    assert_eq!(world.store.calls(), ["load"]);
}

#[tokio::test]
async fn what_has_ended_or_never_was_is_nothing() {
    let world = World::new();
    let base = world.session("{}").await;
    assert!(matches!(
        world.load(&world.new_id().sid).await,
        Found::Nothing
    ));
    world
        .vault
        .destroy(base.id)
        .await
        .expect("the store is there");
    assert!(matches!(world.load(&base.sid).await, Found::Nothing));
}

#[tokio::test]
async fn what_is_over_is_nothing_and_stays_for_a_day() {
    let world = World::new();
    let base = world.session("{}").await;
    world.clock.advance(Duration::from_secs(3_599));
    session(world.load(&base.sid).await);
    world.clock.advance(Duration::from_secs(1));
    assert!(matches!(world.load(&base.sid).await, Found::Nothing));
    assert!(matches!(
        saving::kept(&world, &base.id).await,
        crate::store::Loaded::Row(_)
    ));
}

#[tokio::test]
async fn what_was_renewed_is_told_for_a_minute() {
    let world = World::new();
    let base = world.session(r#"{"uid":1}"#).await;
    done(world.renew(&base, world.new_id(), r#"{"uid":1}"#).await);
    assert!(matches!(world.load(&base.sid).await, Found::Renewed));
    world.clock.advance(Duration::from_secs(60));
    assert!(matches!(world.load(&base.sid).await, Found::Nothing));
}

/// A row with this payload, as somebody else wrote it.
async fn with_payload(world: &World, payload: &[u8]) -> SessionId {
    let new = world.new_id();
    let row = Row {
        version: WriteId::from_bytes([7; 16]),
        payload: payload.to_vec(),
        owner: None,
        label: None,
        born: new.born,
        seen_at: new.born,
        expires_at: new.expires_at,
    };
    let create = Create {
        id: world.vault.id(&new.sid),
        row,
        begin: world.now(),
    };
    world
        .store
        .engine
        .create(&create)
        .await
        .expect("memory never fails");
    new.sid
}

#[tokio::test]
async fn a_corrupt_row_is_nothing_and_stays() {
    let world = World::new();
    let sid = with_payload(&world, b"").await;
    assert!(matches!(world.load(&sid).await, Found::Nothing));
    assert_eq!(world.vault.stats().corrupt, 1);
    let kept = saving::kept(&world, &world.vault.id(&sid)).await;
    assert!(matches!(kept, crate::store::Loaded::Row(_)));
}

#[tokio::test]
async fn a_row_of_a_newer_version_is_unavailable() {
    let world = World::new();
    let sid = with_payload(&world, b"\x09{}").await;
    let loaded = world.vault.load(&sid, world.now()).await;
    assert!(matches!(loaded, Err(Error::Unavailable)));
}

#[tokio::test(start_paused = true)]
async fn nonsense_of_another_costs_this_save_alone() {
    let world = World::new();
    let sid = with_payload(&world, b"\x01no object").await;
    let base = session(world.load(&sid).await);
    let base = Base {
        row: Row {
            version: WriteId::from_bytes([8; 16]),
            ..base.row
        },
        text: b"{}".to_vec(),
        ..base
    };
    assert!(matches!(
        world.save(&base, r#"{"a":1}"#).await,
        Err(Error::Unavailable)
    ));
    let text = world.text(&sid).await;
    assert_eq!(text.as_deref(), Some("no object"));
}
