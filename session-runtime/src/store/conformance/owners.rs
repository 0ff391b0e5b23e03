//! The sessions of an owner: listed, and ended all at once.

use core::time::Duration;
use std::time::SystemTime;

use super::Suite;
use super::check::{Check, Failure, HOUR, expect, next, owner, renewal_of, save_of};
use crate::store::{
    Create, Created, Listed, Loaded, OwnerId, Replace, Row, Save, Saved, SessionStore, StoreId,
};

fn sorted(mut ids: Vec<StoreId>) -> Vec<StoreId> {
    ids.sort();
    ids
}

pub(super) async fn a_list_has_the_sessions_of_its_owner_newest_first<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (ours, others) = (owner(), owner());
    suite.session(Some(others)).await?;
    suite.session(None).await?;
    let mut made = Vec::new();
    for age in [3_u32, 1, 2] {
        let mut create = suite.creation(Some(ours));
        create.row.born -= age * HOUR;
        create.row.label = (age != 3).then(|| format!("{age} hours ago"));
        expect(
            "a creation",
            suite.one().create(&create).await?,
            &Created::Done,
        )?;
        made.push(Listed {
            id: create.id,
            label: create.row.label,
            born: create.row.born,
            seen_at: create.row.seen_at,
            expires_at: create.row.expires_at,
        });
    }
    let mut over = suite.creation(Some(ours));
    over.row.expires_at = suite.now();
    expect(
        "a creation of what is over",
        suite.one().create(&over).await?,
        &Created::Done,
    )?;
    made.sort_by_key(|listed| core::cmp::Reverse(listed.born));
    expect("the list", suite.listed(ours, 1_000).await?, &made)?;
    made.truncate(2);
    expect("the newest two", suite.listed(ours, 2).await?, &made)?;
    expect(
        "the list of nobody",
        suite.listed(owner(), 1_000).await?,
        &Vec::new(),
    )
}

pub(super) async fn a_list_follows_every_write<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (first, second) = (owner(), owner());
    let (id, row) = suite.session(None).await?;
    let mut signed_in = renewal_of(id, &row, true);
    signed_in.row.owner = Some(first);
    expect(
        "a sign-in",
        suite.one().replace(&signed_in).await?,
        &Saved::Done,
    )?;
    expect("the list", suite.ids_of(first).await?, &vec![signed_in.new])?;
    let moved = Row {
        owner: Some(second),
        ..next(&signed_in.row, "another's")
    };
    let save = save_of(signed_in.new, &signed_in.row, moved);
    expect(
        "a save for another owner",
        suite.one().save(&save).await?,
        &Saved::Done,
    )?;
    expect(
        "the list of the first",
        suite.ids_of(first).await?,
        &Vec::new(),
    )?;
    expect(
        "the list of the second",
        suite.ids_of(second).await?,
        &vec![save.id],
    )?;
    let nobodys = Row {
        owner: None,
        ..next(&save.row, "nobody's")
    };
    let save = save_of(save.id, &save.row, nobodys);
    expect(
        "a save for nobody",
        suite.one().save(&save).await?,
        &Saved::Done,
    )?;
    expect(
        "the list of the second",
        suite.ids_of(second).await?,
        &Vec::new(),
    )
}

pub(super) async fn a_list_has_neither_retired_nor_ended_sessions<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let whose = owner();
    let (ended, _) = suite.session(Some(whose)).await?;
    suite.one().destroy(&ended).await?;
    let mut new = Vec::new();
    for keeps_old in [true, false] {
        let (id, row) = suite.session(Some(whose)).await?;
        let renewal = renewal_of(id, &row, keeps_old);
        expect(
            "a renewal",
            suite.one().replace(&renewal).await?,
            &Saved::Done,
        )?;
        new.push(renewal.new);
    }
    expect("the list", suite.ids_of(whose).await?, &sorted(new))
}

pub(super) async fn all_of_an_owner_end_but_the_spared<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (ours, others) = (owner(), owner());
    let (kept, row) = suite.session(Some(ours)).await?;
    let (other, other_row) = suite.session(Some(others)).await?;
    let mut ending = Vec::new();
    for _ in 0..5 {
        ending.push(suite.session(Some(ours)).await?);
    }
    expect(
        "how many ended",
        suite.one().destroy_owner(&ours, &[kept]).await?,
        &5,
    )?;
    for (id, row) in &ending {
        suite.no_session("a session that ended", id).await?;
        let save = save_of(*id, row, next(row, "slow"));
        expect(
            "a save under it",
            suite.other().save(&save).await?,
            &Saved::Gone,
        )?;
    }
    suite
        .loaded("the spared session", &kept, &Loaded::Row(row.clone()))
        .await?;
    suite
        .loaded("another's session", &other, &Loaded::Row(other_row))
        .await?;
    let save = save_of(kept, &row, next(&row, "goes on"));
    expect(
        "a save of the spared session",
        suite.other().save(&save).await?,
        &Saved::Done,
    )?;
    expect("the list", suite.ids_of(ours).await?, &vec![kept])?;
    expect(
        "how many ended",
        suite.one().destroy_owner(&ours, &[]).await?,
        &1,
    )?;
    expect("the list", suite.ids_of(ours).await?, &Vec::new())
}

/// The three ways to put a row under an owner, by a request that began then; the two ids of each.
struct SignIns {
    create: Create,
    replace: Replace,
    save: Save,
}

async fn sign_ins<S: SessionStore>(
    suite: &Suite<S>,
    whose: OwnerId,
    begin: SystemTime,
) -> Check<SignIns> {
    let (old, row) = suite.session(None).await?;
    let mut replace = renewal_of(old, &row, true);
    replace.row.owner = Some(whose);
    replace.begin = begin;
    let (id, row) = suite.session(None).await?;
    let mut save = save_of(id, &row, next(&row, "signed in"));
    save.row.owner = Some(whose);
    save.begin = begin;
    let create = Create {
        begin,
        ..suite.creation(Some(whose))
    };
    Ok(SignIns {
        create,
        replace,
        save,
    })
}

async fn all_answer<S: SessionStore>(
    suite: &Suite<S>,
    all: &SignIns,
    created: Created,
    saved: Saved,
) -> Check {
    expect(
        "a creation",
        suite.one().create(&all.create).await?,
        &created,
    )?;
    expect(
        "a renewal",
        suite.one().replace(&all.replace).await?,
        &saved,
    )?;
    expect("a save", suite.one().save(&all.save).await?, &saved)
}

pub(super) async fn a_sign_in_that_began_before_the_end_of_all_is_refused<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let whose = owner();
    let before = [
        suite.now() - HOUR,
        suite.now(),
        suite.now() + Duration::from_secs(1),
    ];
    suite
        .other()
        .destroy_owner(&whose, &[super::check::id()])
        .await?;
    for begin in before {
        let all = sign_ins(suite, whose, begin).await?;
        all_answer(suite, &all, Created::Refused, Saved::Refused).await?;
        suite
            .no_session("a refused creation", &all.create.id)
            .await?;
        suite
            .no_session("a refused renewal", &all.replace.new)
            .await?;
    }
    expect("the list", suite.ids_of(whose).await?, &Vec::new())
}

pub(super) async fn a_sign_in_that_begins_after_the_end_of_all_is_let_in<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let whose = owner();
    suite.session(Some(whose)).await?;
    suite.other().destroy_owner(&whose, &[]).await?;
    let all = sign_ins(suite, whose, suite.later()).await?;
    all_answer(suite, &all, Created::Done, Saved::Done).await?;
    let ids = sorted(vec![all.create.id, all.replace.new, all.save.id]);
    expect("the list", suite.ids_of(whose).await?, &ids)?;
    // A save that leaves the owner as it is signs nobody in.
    let ordinary = save_of(all.save.id, &all.save.row, next(&all.save.row, "ordinary"));
    let ordinary = Save {
        begin: suite.now() - HOUR,
        ..ordinary
    };
    expect(
        "an ordinary save",
        suite.one().save(&ordinary).await?,
        &Saved::Done,
    )
}

pub(super) async fn spared_sessions_may_be_renewed<S: SessionStore>(suite: &Suite<S>) -> Check {
    // In either order: the id that came is spared, and the id that it is to go under.
    for spares_old in [true, false] {
        let whose = owner();
        let (id, row) = suite.session(Some(whose)).await?;
        let renewal = renewal_of(id, &row, false);
        let spared = [id, renewal.new];
        let spared = if spares_old {
            &spared[..1]
        } else {
            &spared[..]
        };
        suite.one().destroy_owner(&whose, spared).await?;
        expect(
            "a renewal",
            suite.one().replace(&renewal).await?,
            &Saved::Done,
        )?;
        expect("the list", suite.ids_of(whose).await?, &vec![renewal.new])?;
        suite.one().destroy_owner(&whose, &[renewal.new]).await?;
        expect("the list", suite.ids_of(whose).await?, &vec![renewal.new])?;
        suite.one().destroy(&renewal.new).await?;
    }
    Ok(())
}

pub(super) async fn a_session_without_an_owner_is_refused_by_none<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    suite.one().destroy_owner(&owner(), &[]).await?;
    let begin = suite.now() - HOUR;
    let create = Create {
        begin,
        ..suite.creation(None)
    };
    expect(
        "a creation",
        suite.one().create(&create).await?,
        &Created::Done,
    )?;
    let renewal = Replace {
        begin,
        ..renewal_of(create.id, &create.row, false)
    };
    match suite.one().replace(&renewal).await? {
        Saved::Done => Ok(()),
        other => Err(Failure::new(format!("a renewal: found {other:?}"))),
    }
}
