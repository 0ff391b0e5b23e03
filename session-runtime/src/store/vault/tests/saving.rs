use super::scripted::Turn;
use super::*;
use crate::store::{Loaded, SessionStore, StoreId};

#[tokio::test]
async fn what_was_saved_is_loaded_elsewhere() {
    let world = World::new();
    let base = world.session(r#"{"a":1}"#).await;
    assert_eq!(world.text(&base.sid).await.as_deref(), Some(r#"{"a":1}"#));
    let base = done(world.save(&base, r#"{"a":2,"b":"é"}"#).await);
    assert_eq!(
        world.text(&base.sid).await.as_deref(),
        Some(r#"{"a":2,"b":"é"}"#)
    );
    assert_eq!(base.text(), r#"{"a":2,"b":"é"}"#.as_bytes());
}

#[tokio::test(start_paused = true)]
async fn parallel_requests_lose_nothing() {
    let world = World::new();
    let base = world.session(r#"{"a":1,"b":1}"#).await;
    world
        .store
        .next([Turn::After(world.meanwhile(&base, r#"{"a":1,"b":2}"#))]);
    let merged = done(world.save(&base, r#"{"a":7,"b":1}"#).await);
    assert_eq!(merged.text(), br#"{"a":7,"b":2}"#);
    assert_eq!(
        world.text(&base.sid).await.as_deref(),
        Some(r#"{"a":7,"b":2}"#)
    );
    assert_eq!(world.store.calls(), ["save", "save"]);
    let stats = world.vault.stats();
    assert_eq!(
        (stats.conflicts, stats.overwritten, stats.writes),
        (1, 0, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_key_that_both_changed_is_counted() {
    let world = World::new();
    let base = world.session(r#"{"a":1}"#).await;
    world
        .store
        .next([Turn::After(world.meanwhile(&base, r#"{"a":2}"#))]);
    done(world.save(&base, r#"{"a":3}"#).await);
    assert_eq!(world.text(&base.sid).await.as_deref(), Some(r#"{"a":3}"#));
    assert_eq!(world.vault.stats().overwritten, 1);
}

#[tokio::test(start_paused = true)]
async fn labels_are_ours_only_where_this_request_set_one() {
    let world = World::new();
    let base = world.session("{}").await;
    let label = |label| Ours {
        label,
        ..ours("{}")
    };
    let phone = done(
        world
            .vault
            .save(Way::Save(&base), label(Some("phone")), world.times())
            .await,
    );
    assert_eq!(phone.label(), Some("phone"));
    let merged = done(world.save(&base, r#"{"a":1}"#).await);
    assert_eq!(merged.label(), Some("phone"));
    let renewed = done(world.renew(&merged, world.new_id(), r#"{"a":1}"#).await);
    assert_eq!(renewed.label(), Some("phone"));
    let laptop = done(
        world
            .vault
            .save(Way::Save(&renewed), label(Some("laptop")), world.times())
            .await,
    );
    assert_eq!(laptop.label(), Some("laptop"));
}

#[tokio::test]
async fn a_save_that_is_not_due_leaves_the_end_alone() {
    let world = World::new();
    let base = world.session("{}").await;
    let later = base.expires_at() + HOUR;
    assert!(
        world
            .elsewhere()
            .vault
            .touch(&base, world.now(), later)
            .await
    );
    let saved = done(world.save(&base, r#"{"a":1}"#).await);
    assert_eq!(session(world.load(&saved.sid).await).expires_at(), later);
    let times = Times {
        expires_at: Some(later + HOUR),
        ..world.times()
    };
    let due = done(world.vault.save(Way::Save(&saved), ours("{}"), times).await);
    assert_eq!(due.expires_at(), later + HOUR);
    assert_eq!(
        session(world.load(&saved.sid).await).expires_at(),
        later + HOUR
    );
}

#[tokio::test]
async fn an_ended_session_takes_no_changes() {
    let world = World::new();
    let base = world.session("{}").await;
    world
        .elsewhere()
        .vault
        .destroy(base.id)
        .await
        .expect("the store is there");
    assert!(matches!(
        world.save(&base, r#"{"a":1}"#).await,
        Ok(Committed::Gone)
    ));
    let new = world.new_id();
    assert!(matches!(
        world.renew(&base, new, r#"{"a":1}"#).await,
        Ok(Committed::Gone)
    ));
    assert!(
        !world
            .vault
            .touch(&base, world.now(), base.expires_at() + HOUR)
            .await
    );
    for sid in [base.sid, new.sid] {
        assert_eq!(world.text(&sid).await, None);
    }
    assert_eq!(world.vault.stats().gone, 2);
}

#[tokio::test(start_paused = true)]
async fn a_merge_may_reach_twice_the_limit_and_no_more() {
    for (len, fits) in [(180, true), (220, false)] {
        let world = World::with(|store| store, |vault| vault.with_max_record(200));
        let base = world.session("{}").await;
        let theirs = format!(r#"{{"theirs":"{}"}}"#, "x".repeat(len));
        world
            .store
            .next([Turn::After(world.meanwhile(&base, &theirs))]);
        let text = format!(r#"{{"ours":"{}"}}"#, "x".repeat(180));
        let saved = world.save(&base, &text).await;
        match saved {
            Ok(Committed::Done(base)) if fits => assert!(base.text().len() > 200),
            Err(Error::TooLarge {
                key, limit: 400, ..
            }) if !fits => assert_eq!(key, "theirs"),
            other => panic!("{len}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_row_is_filed_under_the_owner_of_its_payload() {
    let world = World::new();
    let base = world.session(r#"{"user":42}"#).await;
    let owner = |base: &Base| base.row.owner;
    let of_uid = world.session(r#"{"uid":42,"user":7}"#).await;
    assert_eq!(owner(&base), owner(&of_uid));
    assert_ne!(owner(&base), None);
    assert_eq!(owner(&done(world.save(&base, "{}").await)), None);
    let other = world.session(r#"{"uid":"42"}"#).await;
    assert_ne!(owner(&other), owner(&base));
}

#[tokio::test(start_paused = true)]
async fn a_row_is_filed_anew_by_a_merge_that_changes_its_owner() {
    let world = World::new();
    let base = world.session(r#"{"uid":1}"#).await;
    world
        .store
        .next([Turn::After(world.meanwhile(&base, r#"{"uid":2}"#))]);
    let merged = done(world.save(&base, r#"{"uid":1,"a":1}"#).await);
    assert_eq!(
        merged.row.owner,
        world.session(r#"{"uid":2}"#).await.row.owner
    );
}

#[tokio::test]
async fn a_sign_in_that_began_before_the_end_of_all_is_unavailable_and_leaves_nothing() {
    let world = World::new();
    let base = world.session("{}").await;
    let signed_in = world.session(r#"{"uid":1}"#).await;
    let owner = signed_in.row.owner.expect("an owner");
    world
        .elsewhere()
        .vault
        .destroy_owner(owner, Vec::new())
        .await
        .expect("the store is there");
    let new = world.new_id();
    for _ in 0..2 {
        let refused = world.renew(&base, new, r#"{"uid":1}"#).await;
        assert!(matches!(refused, Err(Error::Unavailable)));
        assert_eq!(world.text(&new.sid).await, None);
    }
    world.clock.advance(core::time::Duration::from_secs(2));
    done(world.renew(&base, world.new_id(), r#"{"uid":1}"#).await);
    assert_eq!(world.vault.stats().refused, 2);
}

/// What is under the id in the engine itself.
pub(super) async fn kept(world: &World, id: &StoreId) -> Loaded {
    world
        .store
        .engine
        .load(id)
        .await
        .expect("memory never fails")
}

#[tokio::test]
async fn only_a_session_without_an_owner_in_a_layer_with_an_owner_key_keeps_its_old_data() {
    let world = World::new();
    let anonymous = world.session(r#"{"cart":1}"#).await;
    done(
        world
            .renew(&anonymous, world.new_id(), r#"{"cart":1,"uid":1}"#)
            .await,
    );
    assert!(matches!(
        kept(&world, &anonymous.id).await,
        Loaded::Retired(_)
    ));
    let signed_in = world.session(r#"{"uid":1}"#).await;
    done(
        world
            .renew(&signed_in, world.new_id(), r#"{"uid":1}"#)
            .await,
    );
    assert!(matches!(
        kept(&world, &signed_in.id).await,
        Loaded::Ended(_)
    ));
    let vault = Vault::new(world.store.clone(), "sid", "", Mode::Plain).expect("short names");
    let keyless = World {
        vault: Arc::new(vault),
        ..world.clone()
    };
    let anonymous = keyless.session("{}").await;
    done(keyless.renew(&anonymous, world.new_id(), "{}").await);
    assert!(matches!(
        kept(&world, &anonymous.id).await,
        Loaded::Ended(_)
    ));
}

#[tokio::test]
async fn a_second_click_on_sign_in_begins_with_the_old_data() {
    let world = World::new();
    let base = world.session(r#"{"cart":1}"#).await;
    done(
        world
            .renew(&base, world.new_id(), r#"{"cart":1,"uid":1}"#)
            .await,
    );
    let again = session(world.load(&base.sid).await);
    assert!(again.is_retired());
    assert_eq!(again.text(), br#"{"cart":1}"#);
    assert!(matches!(
        world.save(&again, r#"{"cart":2}"#).await,
        Ok(Committed::Gone)
    ));
    let second = done(
        world
            .renew(&again, world.new_id(), r#"{"cart":1,"uid":1}"#)
            .await,
    );
    assert!(!second.is_retired());
    assert!(world.text(&second.sid).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_renewal_is_merged_with_what_others_saved() {
    let world = World::new();
    let base = world.session(r#"{"cart":1}"#).await;
    world
        .store
        .next([Turn::After(world.meanwhile(&base, r#"{"cart":2}"#))]);
    let new = world.new_id();
    let renewed = done(world.renew(&base, new, r#"{"cart":1,"uid":1}"#).await);
    assert_eq!(renewed.text(), br#"{"cart":2,"uid":1}"#);
    assert_eq!((renewed.sid, renewed.row.born), (new.sid, new.born));
    assert_eq!(
        world.text(&new.sid).await.as_deref(),
        Some(r#"{"cart":2,"uid":1}"#)
    );
}

#[cfg(feature = "encrypted")]
#[tokio::test(start_paused = true)]
async fn a_sealed_row_shows_nothing_and_plain_rows_are_sealed_at_their_next_save() {
    let world = World::new();
    let plain = world.session(r#"{"secret":"visible"}"#).await;
    let vault = Vault::new(world.store.clone(), "sid", "", Mode::Sealed).expect("short names");
    let sealing = World {
        vault: Arc::new(vault),
        ..world.clone()
    };
    let payload = |loaded: Loaded| match loaded {
        Loaded::Row(row) => row.payload,
        other => panic!("{other:?}"),
    };
    let base = session(sealing.load(&plain.sid).await);
    assert_eq!(base.text(), br#"{"secret":"visible"}"#);
    world.store.next([Turn::After(
        sealing.meanwhile(&base, r#"{"secret":"visible","b":1}"#),
    )]);
    let saved = done(sealing.save(&base, r#"{"secret":"visible","a":1}"#).await);
    assert_eq!(saved.text(), br#"{"secret":"visible","b":1,"a":1}"#);
    let bytes = payload(kept(&world, &plain.id).await);
    assert_eq!(bytes.first(), Some(&2));
    assert!(!bytes.windows(7).any(|window| window == b"visible"));
    assert_eq!(session(sealing.load(&plain.sid).await).text(), saved.text());
}
