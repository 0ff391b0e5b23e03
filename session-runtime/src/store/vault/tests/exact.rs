//! What calls that commit at once are made of: a closure that is run again on top of what is there.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::scripted::Turn;
use super::*;
use crate::store::merge::value_of;
use crate::store::vault::Contents;

/// The request's own value of the key on top of what is there, and the number under it.
fn number(world: &World, base: &Base, ours: &Ours<'_>, present: Option<&Base>) -> u32 {
    let rules = world.vault.rules(world.now());
    let pending = ours
        .on(Some(base), present, Some(&["n"]), &rules)
        .expect("a small payload");
    let value = value_of(&pending.text, ["n"]).expect("a payload");
    value.map_or(0, |value| value.parse().expect("a number"))
}

fn draft(text: String) -> Contents {
    Contents {
        text: text.into_bytes(),
        label: None,
        overwritten: Vec::new(),
    }
}

async fn increment(world: &World, sid: &SessionId) -> Base {
    let base = session(world.load(sid).await);
    let ours = Ours {
        text: base.text(),
        shown: &[],
        label: None,
    };
    let committed = world
        .vault
        .commit(Way::Save(&base), world.times(), |present| {
            let next = number(world, &base, &ours, present) + 1;
            Ok(Some(draft(format!(r#"{{"n":{next}}}"#))))
        });
    done(committed.await)
}

#[tokio::test(start_paused = true)]
async fn updates_at_once_count_exactly() {
    const TASKS: usize = 16;
    const EACH: usize = 10;
    let world = World::new();
    let base = world.session(r#"{"n":0}"#).await;
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (world, sid) = (world.elsewhere(), base.sid);
            tokio::spawn(async move {
                for _ in 0..EACH {
                    increment(&world, &sid).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    let expected = format!(r#"{{"n":{}}}"#, TASKS * EACH);
    assert_eq!(world.text(&base.sid).await, Some(expected));
}

#[tokio::test(start_paused = true)]
async fn of_takes_at_once_one_gets_the_value() {
    const TASKS: usize = 16;
    let world = World::new();
    let base = world.session(r#"{"code":7}"#).await;
    let taken = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (world, sid, taken) = (world.elsewhere(), base.sid, Arc::clone(&taken));
            tokio::spawn(async move {
                let base = session(world.load(&sid).await);
                let committed = world
                    .vault
                    .commit(Way::Save(&base), world.times(), |present| {
                        let text = present.map_or(&[][..], Base::text);
                        let is_there = value_of(text, ["code"]).expect("a payload").is_some();
                        Ok(is_there.then(|| draft("{}".to_owned())))
                    });
                match committed.await {
                    Ok(Committed::Done(_)) => taken.fetch_add(1, Ordering::Relaxed),
                    Ok(Committed::Unneeded) => 0,
                    other => panic!("{other:?}"),
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    assert_eq!(taken.load(Ordering::Relaxed), 1);
    assert_eq!(world.text(&base.sid).await.as_deref(), Some("{}"));
}

#[tokio::test(start_paused = true)]
async fn an_update_is_made_on_top_of_the_pending_value_of_its_key_alone() {
    let world = World::new();
    let base = world.session(r#"{"n":1,"m":1}"#).await;
    let pending = ours(r#"{"n":5,"m":9}"#);
    world
        .store
        .next([Turn::After(world.meanwhile(&base, r#"{"n":1,"m":2}"#))]);
    let committed = world
        .vault
        .commit(Way::Save(&base), world.times(), |present| {
            let next = number(&world, &base, &pending, present) + 1;
            let rules = world.vault.rules(world.now());
            let put = ours(r#"{"n":6,"m":1}"#);
            assert_eq!(next, 6);
            put.on(Some(&base), present, Some(&["n"]), &rules).map(Some)
        });
    assert_eq!(done(committed.await).text(), br#"{"n":6,"m":2}"#);
}

#[tokio::test]
async fn an_update_in_doubt_is_never_run_again() {
    let world = World::new();
    let base = world.session(r#"{"n":0}"#).await;
    let elsewhere = world.elsewhere();
    let sid = base.sid;
    world.store.next([Turn::UnansweredThen(Box::pin(async move {
        increment(&elsewhere, &sid).await;
    }))]);
    let mut runs = 0;
    let committed = world.vault.commit(Way::Save(&base), world.times(), |_| {
        runs += 1;
        Ok(Some(draft(r#"{"n":1}"#.to_owned())))
    });
    assert!(matches!(committed.await, Err(Error::Unavailable)));
    assert_eq!(runs, 1);
    assert_eq!(world.text(&base.sid).await.as_deref(), Some(r#"{"n":2}"#));
}
