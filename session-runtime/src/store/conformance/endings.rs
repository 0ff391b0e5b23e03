//! What ended stays ended.

use super::Suite;
use super::check::{Check, HOUR, expect, id, next, owner, renewal_of, save_of};
use crate::store::{
    Create, Created, Destroyed, Ended, Ending, Loaded, Saved, SessionStore, StoreId, Touch, Touched,
};

fn destroyed(successors: Vec<StoreId>) -> Loaded {
    Loaded::Ended(Ended {
        ending: Ending::Destroyed,
        successors,
    })
}

fn answer(was_there: bool, successors: &[StoreId]) -> Destroyed {
    Destroyed {
        was_there,
        successors: successors.to_vec(),
    }
}

pub(super) async fn what_ended_is_known_as_destroyed<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (id, _) = suite.session(Some(owner())).await?;
    expect(
        "an ending",
        suite.one().destroy(&id).await?,
        &answer(true, &[]),
    )?;
    suite
        .loaded("what ended", &id, &destroyed(Vec::new()))
        .await?;
    expect(
        "an ending repeated",
        suite.other().destroy(&id).await?,
        &answer(false, &[]),
    )?;
    suite
        .loaded("what ended twice", &id, &destroyed(Vec::new()))
        .await
}

pub(super) async fn nothing_revives_what_ended<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (id, row) = suite.session(None).await?;
    suite.one().destroy(&id).await?;
    let save = save_of(id, &row, next(&row, "slow"));
    expect("a save", suite.other().save(&save).await?, &Saved::Gone)?;
    let touch = Touch {
        id,
        expected: row.version,
        seen_at: row.seen_at,
        expires_at: row.expires_at + HOUR,
    };
    expect(
        "a touch",
        suite.other().touch(&touch).await?,
        &Touched::Gone,
    )?;
    let renewal = renewal_of(id, &row, true);
    expect(
        "a renewal",
        suite.other().replace(&renewal).await?,
        &Saved::Gone,
    )?;
    suite
        .no_session("the id of that renewal", &renewal.new)
        .await?;
    let create = Create {
        id,
        begin: suite.later(),
        row,
    };
    expect(
        "its creation repeated",
        suite.other().create(&create).await?,
        &Created::Taken,
    )?;
    let create = Create {
        row: next(&create.row, "anew"),
        ..create
    };
    expect(
        "a creation",
        suite.other().create(&create).await?,
        &Created::Taken,
    )?;
    suite
        .loaded("what ended", &id, &destroyed(Vec::new()))
        .await
}

pub(super) async fn an_ending_is_noted_before_its_row<S: SessionStore>(suite: &Suite<S>) -> Check {
    let id = id();
    expect(
        "an ending of nothing",
        suite.one().destroy(&id).await?,
        &answer(false, &[]),
    )?;
    let create = Create {
        id,
        ..suite.creation(None)
    };
    expect(
        "a creation",
        suite.other().create(&create).await?,
        &Created::Taken,
    )?;
    suite
        .loaded("what ended", &id, &destroyed(Vec::new()))
        .await
}

pub(super) async fn an_ending_of_a_renewed_id_tells_the_new_one<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    for keeps_old in [false, true] {
        let (old, row) = suite.session(None).await?;
        let renewal = renewal_of(old, &row, keeps_old);
        expect(
            "a renewal",
            suite.one().replace(&renewal).await?,
            &Saved::Done,
        )?;
        let told = answer(keeps_old, &[renewal.new]);
        expect(
            "an ending of the old id",
            suite.other().destroy(&old).await?,
            &told,
        )?;
        let told = answer(false, &[renewal.new]);
        expect(
            "that ending repeated",
            suite.other().destroy(&old).await?,
            &told,
        )?;
        suite
            .loaded("the old id", &old, &destroyed(vec![renewal.new]))
            .await?;
        suite
            .loaded("the new id", &renewal.new, &Loaded::Row(renewal.row))
            .await?;
    }
    Ok(())
}
