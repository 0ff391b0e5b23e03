use super::scripted::Turn;
use super::*;

#[tokio::test]
async fn an_ending_reaches_every_id_that_the_session_got() {
    let world = World::new();
    let base = world.session(r#"{"cart":1}"#).await;
    let one = done(world.renew(&base, world.new_id(), r#"{"uid":1}"#).await);
    let two = done(world.renew(&base, world.new_id(), r#"{"uid":1}"#).await);
    let three = done(world.renew(&one, world.new_id(), r#"{"uid":1}"#).await);
    assert!(
        world
            .vault
            .destroy(base.id)
            .await
            .expect("the store is there")
    );
    for sid in [base.sid, one.sid, two.sid, three.sid] {
        assert_eq!(world.text(&sid).await, None);
    }
    assert!(
        !world
            .vault
            .destroy(base.id)
            .await
            .expect("the store is there")
    );
}

#[tokio::test(start_paused = true)]
async fn an_ending_whose_client_is_gone_is_finished() {
    for polls in 1..4 {
        let world = World::new();
        let base = world.session(r#"{"cart":1}"#).await;
        let new = done(world.renew(&base, world.new_id(), r#"{"uid":1}"#).await);
        dropped::drop_after(polls, world.vault.destroy(base.id)).await;
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.text(&base.sid).await, None);
        assert_eq!(world.text(&new.sid).await, None);
    }
}

#[tokio::test]
async fn an_ending_that_reaches_no_store_is_told() {
    let world = World::new();
    let base = world.session("{}").await;
    world.store.next([Turn::Unreached]);
    assert!(matches!(
        world.vault.destroy(base.id).await,
        Err(Error::Unavailable)
    ));
    assert!(world.text(&base.sid).await.is_some());
}

#[tokio::test]
async fn an_ending_that_failed_half_way_is_finished_by_the_next() {
    let world = World::new();
    let base = world.session(r#"{"cart":1}"#).await;
    let new = done(world.renew(&base, world.new_id(), r#"{"uid":1}"#).await);
    world.store.next([Turn::Works, Turn::Unreached]);
    assert!(matches!(
        world.vault.destroy(base.id).await,
        Err(Error::Unavailable)
    ));
    assert!(world.text(&new.sid).await.is_some());
    world
        .vault
        .destroy(base.id)
        .await
        .expect("the store is there");
    assert_eq!(world.text(&new.sid).await, None);
}

#[tokio::test]
async fn a_restart_ends_the_old_session_and_begins_an_empty_one() {
    let world = World::new();
    let base = world.session(r#"{"uid":1}"#).await;
    let new = world.new_id();
    let text = ours(r#"{"notice":"bye"}"#);
    let restart = async |new| {
        world.vault.destroy(base.id).await?;
        let way = Way::Create(new);
        world.vault.save(way, text, world.times()).await
    };
    let begun = done(restart(new).await);
    assert_eq!(begun.sid, new.sid);
    assert_eq!(world.text(&base.sid).await, None);
    assert_eq!(
        world.text(&new.sid).await.as_deref(),
        Some(r#"{"notice":"bye"}"#)
    );
    // It goes on where the old one is gone already.
    let next = world.new_id();
    done(restart(next).await);
    assert!(world.text(&next.sid).await.is_some());
}

#[tokio::test]
async fn a_touch_that_fails_is_let_go() {
    let world = World::new();
    let base = world.session("{}").await;
    let later = base.expires_at() + HOUR;
    world.store.next([Turn::Unreached]);
    assert!(!world.vault.touch(&base, world.now(), later).await);
    assert!(world.vault.touch(&base, world.now(), later).await);
    done(world.save(&base, r#"{"a":1}"#).await);
    assert!(
        !world.vault.touch(&base, world.now(), later).await,
        "it moved on"
    );
}
