//! What time takes away, by the engine's clock.

use core::time::Duration;

use super::Suite;
use super::check::{Check, HOUR, expect, id, next, owner, renewal_of, save_of};
use super::feed::notice;
use crate::store::{Create, Created, Ended, Ending, Loaded, Saved, SessionStore, Subject};

const SECOND: Duration = Duration::from_secs(1);
/// A second less.
const ALMOST_AN_HOUR: Duration = Duration::from_secs(3_599);
const ALMOST_A_DAY: Duration = Duration::from_secs(86_399);

fn ended(ending: Ending, successors: &[crate::store::StoreId]) -> Loaded {
    Loaded::Ended(Ended {
        ending,
        successors: successors.to_vec(),
    })
}

pub(super) async fn a_retired_row_is_read_for_a_minute<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (old, row) = suite.session(None).await?;
    let renewal = renewal_of(old, &row, true);
    expect(
        "a renewal",
        suite.one().replace(&renewal).await?,
        &Saved::Done,
    )?;
    suite.pass(59 * SECOND);
    suite
        .loaded("after 59 s", &old, &Loaded::Retired(row.clone()))
        .await?;
    suite.pass(SECOND);
    suite
        .loaded("after 60 s", &old, &ended(Ending::Renewed, &[]))
        .await?;
    let late = renewal_of(old, &row, true);
    expect(
        "a renewal after 60 s",
        suite.one().replace(&late).await?,
        &Saved::Gone,
    )?;
    suite
        .loaded("the new id", &renewal.new, &Loaded::Row(renewal.row))
        .await
}

pub(super) async fn a_second_renewal_lengthens_nothing<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (old, row) = suite.session(None).await?;
    let first = renewal_of(old, &row, true);
    expect(
        "a renewal",
        suite.one().replace(&first).await?,
        &Saved::Done,
    )?;
    suite.pass(40 * SECOND);
    let second = renewal_of(old, &row, true);
    expect(
        "a second one",
        suite.one().replace(&second).await?,
        &Saved::Done,
    )?;
    suite.pass(20 * SECOND);
    suite
        .loaded("60 s after the first", &old, &ended(Ending::Renewed, &[]))
        .await
}

pub(super) async fn new_ids_are_told_for_a_minute<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (old, row) = suite.session(Some(owner())).await?;
    let renewal = renewal_of(old, &row, false);
    expect(
        "a renewal",
        suite.one().replace(&renewal).await?,
        &Saved::Done,
    )?;
    suite.pass(59 * SECOND);
    suite
        .loaded("after 59 s", &old, &ended(Ending::Renewed, &[renewal.new]))
        .await?;
    suite.pass(SECOND);
    suite
        .loaded("after 60 s", &old, &ended(Ending::Renewed, &[]))
        .await?;
    let told = suite.one().destroy(&old).await?.successors;
    expect("the ids that an ending tells", told, &Vec::new())
}

pub(super) async fn an_ending_is_known_for_two_minutes<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (destroyed, row) = suite.session(None).await?;
    suite.one().destroy(&destroyed).await?;
    let (renewed, of) = suite.session(None).await?;
    let renewal = renewal_of(renewed, &of, false);
    expect(
        "a renewal",
        suite.one().replace(&renewal).await?,
        &Saved::Done,
    )?;
    suite.pass(119 * SECOND);
    suite.one().sweep().await?;
    suite
        .loaded(
            "an ending after 119 s",
            &destroyed,
            &ended(Ending::Destroyed, &[]),
        )
        .await?;
    suite
        .loaded(
            "a renewal after 119 s",
            &renewed,
            &ended(Ending::Renewed, &[]),
        )
        .await?;
    suite.pass(SECOND);
    suite.one().sweep().await?;
    suite
        .loaded("an ending after 120 s", &destroyed, &Loaded::Absent)
        .await?;
    suite
        .loaded("a renewal after 120 s", &renewed, &Loaded::Absent)
        .await?;
    let save = save_of(destroyed, &row, next(&row, "very slow"));
    expect(
        "a save after that",
        suite.one().save(&save).await?,
        &Saved::Gone,
    )
}

pub(super) async fn a_row_stays_a_day_beyond_its_end<S: SessionStore>(suite: &Suite<S>) -> Check {
    let whose = owner();
    let (id, row) = suite.session(Some(whose)).await?;
    suite.pass(HOUR + ALMOST_A_DAY);
    suite.one().sweep().await?;
    suite
        .loaded("within the day", &id, &Loaded::Row(row))
        .await?;
    suite.pass(SECOND);
    let swept = suite.one().sweep().await?;
    expect("whether a row was swept", swept >= 1, &true)?;
    suite.loaded("after the day", &id, &Loaded::Absent).await?;
    expect("the list", suite.ids_of(whose).await?, &Vec::new())
}

pub(super) async fn the_end_of_all_is_known_for_a_day<S: SessionStore>(suite: &Suite<S>) -> Check {
    let whose = owner();
    let create = suite.creation(Some(whose));
    suite.one().destroy_owner(&whose, &[]).await?;
    suite.pass(ALMOST_A_DAY);
    suite.one().sweep().await?;
    let answer = suite.one().create(&create).await?;
    expect("a sign-in that began before", answer, &Created::Refused)?;
    let create = Create {
        id: id(),
        begin: suite.now(),
        ..create
    };
    expect(
        "a sign-in that begins now",
        suite.one().create(&create).await?,
        &Created::Done,
    )
}

pub(super) async fn a_notice_is_kept_for_its_time<S: SessionStore>(suite: &Suite<S>) -> Check {
    let notice = notice(Subject::Id(id()));
    suite.one().publish(&notice).await?;
    suite.pass(ALMOST_AN_HOUR);
    suite.one().sweep().await?;
    expect("within its time", suite.count(&notice, None).await?, &1)?;
    suite.pass(SECOND);
    suite.one().sweep().await?;
    expect("after its time", suite.count(&notice, None).await?, &0)
}
