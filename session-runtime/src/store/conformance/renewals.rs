//! A session that gets a new id.

use super::Suite;
use super::check::{Check, Failure, HOUR, dropped_after, expect, next, owner, renewal_of, save_of};
use crate::store::{
    Ended, Ending, Loaded, Replace, Row, Saved, SessionStore, StoreId, Touch, Touched, WriteId,
};

fn renewed(successors: Vec<StoreId>) -> Loaded {
    Loaded::Ended(Ended {
        ending: Ending::Renewed,
        successors,
    })
}

async fn is_not_written<S: SessionStore>(suite: &Suite<S>, id: StoreId, row: &Row) -> Check {
    let save = save_of(id, row, next(row, "slow"));
    expect(
        "a save under the old id",
        suite.other().save(&save).await?,
        &Saved::Gone,
    )?;
    let touch = Touch {
        id,
        expected: row.version,
        seen_at: row.seen_at,
        expires_at: row.expires_at + HOUR,
    };
    expect(
        "a touch of the old id",
        suite.other().touch(&touch).await?,
        &Touched::Gone,
    )
}

pub(super) async fn a_renewed_session_has_its_new_id_alone<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (old, row) = suite.session(Some(owner())).await?;
    let renewal = renewal_of(old, &row, false);
    expect(
        "a renewal",
        suite.one().replace(&renewal).await?,
        &Saved::Done,
    )?;
    suite
        .loaded("the old id", &old, &renewed(vec![renewal.new]))
        .await?;
    is_not_written(suite, old, &row).await?;
    suite
        .loaded("the new id", &renewal.new, &Loaded::Row(renewal.row))
        .await
}

pub(super) async fn a_retired_row_is_read_and_never_written<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (old, row) = suite.session(None).await?;
    let renewal = renewal_of(old, &row, true);
    expect(
        "a renewal",
        suite.one().replace(&renewal).await?,
        &Saved::Done,
    )?;
    // Its version and payload are as they were: a sealed payload is bound to the version.
    suite
        .loaded("the old id", &old, &Loaded::Retired(row.clone()))
        .await?;
    is_not_written(suite, old, &row).await?;
    suite
        .loaded("the old id", &old, &Loaded::Retired(row))
        .await?;
    suite
        .loaded("the new id", &renewal.new, &Loaded::Row(renewal.row))
        .await
}

pub(super) async fn a_retired_row_is_renewed_again<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (old, row) = suite.session(None).await?;
    let clicks = [
        renewal_of(old, &row, true),
        renewal_of(old, &row, true),
        renewal_of(old, &row, false),
    ];
    for click in &clicks {
        expect(
            "a click on \"sign in\"",
            suite.one().replace(click).await?,
            &Saved::Done,
        )?;
        suite
            .loaded("the old id", &old, &Loaded::Retired(row.clone()))
            .await?;
    }
    for click in &clicks {
        suite
            .loaded(
                "what a click made",
                &click.new,
                &Loaded::Row(click.row.clone()),
            )
            .await?;
    }
    let mut told = suite.one().destroy(&old).await?.successors;
    let mut made: Vec<StoreId> = clicks.iter().map(|click| click.new).collect();
    told.sort();
    made.sort();
    expect("the ids that an ending tells", told, &made)
}

pub(super) async fn a_renewal_of_what_moved_on_is_a_conflict<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (old, row) = suite.session(None).await?;
    let theirs = save_of(old, &row, next(&row, "theirs"));
    expect(
        "their save",
        suite.other().save(&theirs).await?,
        &Saved::Done,
    )?;
    let first = renewal_of(old, &row, true);
    let answer = suite.one().replace(&first).await?;
    expect("a renewal", answer, &Saved::Conflict(theirs.row.clone()))?;
    suite
        .loaded("the old id", &old, &Loaded::Row(theirs.row.clone()))
        .await?;
    let merged = Replace {
        expected: theirs.row.version,
        row: next(&row, "merged"),
        earlier: Some(first.row.version),
        ..first
    };
    expect(
        "the renewal on top of it",
        suite.one().replace(&merged).await?,
        &Saved::Done,
    )?;
    suite
        .loaded("the old id", &old, &Loaded::Retired(theirs.row))
        .await?;
    suite
        .loaded("the new id", &merged.new, &Loaded::Row(merged.row))
        .await
}

pub(super) async fn a_renewal_of_what_ended_is_gone<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (old, row) = suite.session(None).await?;
    let first = renewal_of(old, &row, false);
    expect(
        "a renewal",
        suite.one().replace(&first).await?,
        &Saved::Done,
    )?;
    let second = renewal_of(old, &row, true);
    expect(
        "a second one",
        suite.other().replace(&second).await?,
        &Saved::Gone,
    )?;
    suite
        .no_session("the id of the second", &second.new)
        .await?;
    let of_nothing = renewal_of(super::check::id(), &row, true);
    expect(
        "one of nothing",
        suite.other().replace(&of_nothing).await?,
        &Saved::Gone,
    )?;
    suite.no_session("the id of that", &of_nothing.new).await
}

pub(super) async fn a_renewal_to_an_id_that_ended_is_gone<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (old, row) = suite.session(None).await?;
    let renewal = renewal_of(old, &row, true);
    suite.other().destroy(&renewal.new).await?;
    expect(
        "a renewal",
        suite.one().replace(&renewal).await?,
        &Saved::Gone,
    )?;
    suite.no_session("the id that ended", &renewal.new).await?;
    match suite.other().load(&old).await? {
        Loaded::Row(found) => expect("the old row", found, &row),
        Loaded::Retired(_) | Loaded::Ended(_) => Ok(()),
        Loaded::Absent => Err(Failure::new("the old row is forgotten")),
    }
}

pub(super) async fn a_repeated_renewal_is_done_once<S: SessionStore>(suite: &Suite<S>) -> Check {
    for keeps_old in [false, true] {
        let (old, row) = suite.session(None).await?;
        let renewal = renewal_of(old, &row, keeps_old);
        for _ in 0..2 {
            expect(
                "a renewal",
                suite.one().replace(&renewal).await?,
                &Saved::Done,
            )?;
        }
        let told = suite.one().destroy(&old).await?.successors;
        expect("the ids that an ending tells", told, &vec![renewal.new])?;
        suite
            .loaded(
                "the new id",
                &renewal.new,
                &Loaded::Row(renewal.row.clone()),
            )
            .await?;
        suite.other().destroy(&renewal.new).await?;
        expect(
            "the renewal once more",
            suite.one().replace(&renewal).await?,
            &Saved::Gone,
        )?;
        suite.no_session("the new id", &renewal.new).await?;
    }
    Ok(())
}

pub(super) async fn a_dropped_renewal_is_whole<S: SessionStore>(suite: &Suite<S>) -> Check {
    const MOST_POLLS: usize = 32;
    for polls in 0..MOST_POLLS {
        let (old, row) = suite.session(None).await?;
        let renewal = renewal_of(old, &row, true);
        let ended = dropped_after(polls, suite.one().replace(&renewal)).await;
        let found = suite.other().load(&old).await?;
        let version = |loaded: &Loaded| match loaded {
            Loaded::Row(row) | Loaded::Retired(row) => Some(row.version),
            _ => None,
        };
        let expected: Option<WriteId> = Some(row.version);
        expect("the old version", version(&found), &expected)?;
        expect(
            "the dropped renewal, repeated",
            suite.one().replace(&renewal).await?,
            &Saved::Done,
        )?;
        suite
            .loaded("the old id", &old, &Loaded::Retired(row))
            .await?;
        suite
            .loaded("the new id", &renewal.new, &Loaded::Row(renewal.row))
            .await?;
        if ended {
            break;
        }
    }
    Ok(())
}
