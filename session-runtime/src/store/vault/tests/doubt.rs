//! Answers that are lost, and stores that do not answer.

use super::saving::kept;
use super::scripted::Turn;
use super::*;
use crate::store::Loaded;

#[tokio::test]
async fn a_write_without_an_answer_is_repeated_once_and_done() {
    for lost in [|| Turn::Lost, || Turn::Unanswered] {
        let world = World::new();
        world.store.next([lost()]);
        let base = world.session(r#"{"a":1}"#).await;
        assert_eq!(world.store.calls(), ["create", "create"]);
        world.store.next([lost()]);
        let base = done(world.save(&base, r#"{"a":2}"#).await);
        assert_eq!(world.store.calls(), ["save", "save"]);
        world.store.next([lost()]);
        let base = done(world.renew(&base, world.new_id(), r#"{"a":3}"#).await);
        assert_eq!(world.store.calls(), ["replace", "replace"]);
        assert_eq!(world.text(&base.sid).await.as_deref(), Some(r#"{"a":3}"#));
        world.store.next([lost()]);
        assert!(
            world
                .vault
                .touch(&base, world.now(), base.expires_at() + HOUR)
                .await
        );
        world.store.next([lost()]);
        world
            .vault
            .destroy(base.id)
            .await
            .expect("the store is there");
        assert_eq!(world.text(&base.sid).await, None);
        assert_eq!(world.vault.stats().in_doubt, 5);
        assert_eq!(world.vault.stats().unavailable, 0);
    }
}

#[tokio::test]
async fn a_write_that_another_followed_is_in_doubt_and_never_runs_again() {
    let world = World::new();
    let base = world.session(r#"{"n":0}"#).await;
    let elsewhere = world.elsewhere();
    let sid = base.sid;
    let later = Box::pin(async move {
        let theirs = session(elsewhere.load(&sid).await);
        assert_eq!(theirs.text(), br#"{"n":1}"#);
        done(elsewhere.save(&theirs, r#"{"n":2}"#).await);
    });
    world.store.next([Turn::UnansweredThen(later)]);
    assert!(matches!(
        world.save(&base, r#"{"n":1}"#).await,
        Err(Error::Unavailable)
    ));
    assert_eq!(world.store.calls(), ["save", "save"]);
    assert_eq!(world.text(&base.sid).await.as_deref(), Some(r#"{"n":2}"#));
}

#[tokio::test]
async fn an_answer_that_is_lost_twice_is_unavailable() {
    let world = World::new();
    let base = world.session("{}").await;
    world.store.next([Turn::Unanswered, Turn::Unanswered]);
    assert!(matches!(
        world.save(&base, r#"{"a":1}"#).await,
        Err(Error::Unavailable)
    ));
    world.store.next([Turn::Lost, Turn::Unreached]);
    assert!(matches!(
        world.save(&base, r#"{"a":1}"#).await,
        Err(Error::Unavailable)
    ));
    assert_eq!(world.vault.stats().unavailable, 2);
}

#[tokio::test]
async fn a_write_that_was_not_sent_is_not_repeated() {
    let world = World::new();
    let base = world.session("{}").await;
    world.store.next([Turn::Unreached]);
    assert!(matches!(
        world.save(&base, r#"{"a":1}"#).await,
        Err(Error::Unavailable)
    ));
    assert_eq!(world.store.calls(), ["save"]);
}

#[tokio::test]
async fn a_renewal_in_doubt_leaves_no_row_that_nobody_has_a_cookie_for() {
    let world = World::new();
    let base = world.session(r#"{"cart":1}"#).await;
    let new = world.new_id();
    world.store.next([Turn::Unanswered, Turn::Unreached]);
    let renewed = world.renew(&base, new, r#"{"cart":1,"uid":1}"#).await;
    assert!(matches!(renewed, Err(Error::Unavailable)));
    while world.store.calls().len() < 3 {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(
        kept(&world, &world.vault.id(&new.sid)).await,
        Loaded::Ended(_)
    ));
    // The visitor signs in again, with the old cookie and the old data.
    let again = session(world.load(&base.sid).await);
    done(
        world
            .renew(&again, world.new_id(), r#"{"cart":1,"uid":1}"#)
            .await,
    );
}

#[tokio::test(start_paused = true)]
async fn a_save_that_meets_conflicts_only_is_unavailable_after_five_seconds() {
    let world = World::new();
    let base = world.session(r#"{"n":0}"#).await;
    let other = world.elsewhere();
    let sid = base.sid;
    let contended = World::with(
        |store| {
            store.of(&world.store.engine).always(move || {
                let other = other.clone();
                Turn::After(Box::pin(async move {
                    let theirs = session(other.load(&sid).await);
                    done(other.save(&theirs, r#"{"theirs":1}"#).await);
                }))
            })
        },
        |vault| vault,
    );
    let begun = tokio::time::Instant::now();
    assert!(matches!(
        contended.save(&base, r#"{"n":1}"#).await,
        Err(Error::Unavailable)
    ));
    let took = begun.elapsed();
    assert!((4..=5).contains(&took.as_secs()), "{took:?}");
    assert_eq!(
        world.text(&base.sid).await.as_deref(),
        Some(r#"{"theirs":1}"#)
    );
}

#[tokio::test(start_paused = true)]
async fn a_store_that_never_answers_is_unavailable_after_five_seconds() {
    let world = World::with(|store| store.always(|| Turn::Hangs), |vault| vault);
    let begun = tokio::time::Instant::now();
    let saved = world
        .vault
        .save(Way::Create(world.new_id()), ours("{}"), world.times())
        .await;
    assert!(matches!(saved, Err(Error::Unavailable)));
    assert_eq!(begun.elapsed().as_secs(), 5);
}
