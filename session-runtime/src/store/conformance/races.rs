//! Writes that are all begun before one is awaited.

use super::Suite;
use super::check::{Check, Failure, expect, next, owner, renewal_of, save_of, together};
use crate::store::{Create, Created, Loaded, Row, Saved, SessionStore, StoreError};

/// Writes at once.
const MANY: usize = 8;
/// How often a race is run.
const ROUNDS: usize = 10;

fn handle<S: SessionStore>(suite: &Suite<S>, number: usize) -> &S {
    if number.is_multiple_of(2) {
        suite.one()
    } else {
        suite.other()
    }
}

fn answers<T>(answers: Vec<Result<T, StoreError>>) -> Check<Vec<T>> {
    answers
        .into_iter()
        .map(|answer| answer.map_err(Failure::from))
        .collect()
}

/// The place of the one answer that is it.
fn the_one<T: PartialEq>(what: &str, answers: &[T], it: &T) -> Check<usize> {
    let mut places = (0..answers.len()).filter(|&place| answers[place] == *it);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => Err(Failure::new(format!("{what}: none was done"))),
        (Some(_), Some(_)) => Err(Failure::new(format!("{what}: more than one was done"))),
    }
}

pub(super) async fn of_writes_at_once_one_is_done<S: SessionStore>(suite: &Suite<S>) -> Check {
    for _ in 0..ROUNDS {
        let (id, row) = suite.session(None).await?;
        let save = |number| save_of(id, &row, next(&row, &format!("save {number}")));
        let saves: Vec<_> = (0..MANY).map(save).collect();
        let running = saves
            .iter()
            .enumerate()
            .map(|(number, save)| handle(suite, number).save(save));
        let mut answers = answers(together(running).await)?;
        let winner = the_one("saves", &answers, &Saved::Done)?;
        let winning = saves[winner].row.clone();
        answers.remove(winner);
        for answer in answers {
            expect(
                "a save that was late",
                answer,
                &Saved::Conflict(winning.clone()),
            )?;
        }
        suite.loaded("the row", &id, &Loaded::Row(winning)).await?;
    }
    Ok(())
}

pub(super) async fn of_creations_at_once_one_is_done<S: SessionStore>(suite: &Suite<S>) -> Check {
    for _ in 0..ROUNDS {
        let first = suite.creation(Some(owner()));
        let create = |_| Create {
            row: next(&first.row, "created"),
            ..first.clone()
        };
        let creations: Vec<_> = (0..MANY).map(create).collect();
        let running = creations.iter().enumerate();
        let running = running.map(|(number, create)| handle(suite, number).create(create));
        let answers = answers(together(running).await)?;
        let winner = the_one("creations", &answers, &Created::Done)?;
        suite
            .loaded(
                "the row",
                &first.id,
                &Loaded::Row(creations[winner].row.clone()),
            )
            .await?;
    }
    Ok(())
}

pub(super) async fn of_renewals_at_once_one_is_done<S: SessionStore>(suite: &Suite<S>) -> Check {
    for _ in 0..ROUNDS {
        let (id, row) = suite.session(Some(owner())).await?;
        let renewals: Vec<_> = (0..MANY).map(|_| renewal_of(id, &row, false)).collect();
        let running = renewals.iter().enumerate();
        let running = running.map(|(number, renewal)| handle(suite, number).replace(renewal));
        let answers = answers(together(running).await)?;
        let winner = the_one("renewals", &answers, &Saved::Done)?;
        for (number, renewal) in renewals.iter().enumerate() {
            if number == winner {
                let made = Loaded::Row(renewal.row.clone());
                suite.loaded("the new id", &renewal.new, &made).await?;
            } else {
                expect(
                    "a renewal that was late",
                    answers[number].clone(),
                    &Saved::Gone,
                )?;
                suite
                    .no_session("the id of a late renewal", &renewal.new)
                    .await?;
            }
        }
    }
    Ok(())
}

/// Adds one as the save loop does: on top of what is there, until it is done.
async fn increment<S: SessionStore>(store: &S, id: crate::store::StoreId, row: &Row) -> Check {
    const ATTEMPTS: usize = 1_000;
    let mut present = row.clone();
    for _ in 0..ATTEMPTS {
        let text = core::str::from_utf8(&present.payload).unwrap_or_default();
        let number: u32 = text
            .parse()
            .map_err(|_| Failure::new("the payload is no number"))?;
        let save = save_of(id, &present, next(&present, &(number + 1).to_string()));
        match store.save(&save).await? {
            Saved::Done => return Ok(()),
            Saved::Conflict(theirs) => present = theirs,
            other => return expect("an increment", other, &Saved::Done),
        }
    }
    Err(Failure::new("an increment met conflicts only"))
}

pub(super) async fn a_counter_counts_every_write<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (id, first) = suite.session(None).await?;
    let zero = save_of(id, &first, next(&first, "0"));
    expect("a save", suite.one().save(&zero).await?, &Saved::Done)?;
    for _ in 0..ROUNDS {
        let running = (0..MANY).map(|number| increment(handle(suite, number), id, &zero.row));
        together(running).await.into_iter().collect::<Check>()?;
    }
    match suite.other().load(&id).await? {
        Loaded::Row(row) => expect(
            "the count",
            row.payload,
            &(ROUNDS * MANY).to_string().into_bytes(),
        ),
        other => Err(Failure::new(format!("the counter: found {other:?}"))),
    }
}

pub(super) async fn an_ending_wins_over_writes_at_once<S: SessionStore>(suite: &Suite<S>) -> Check {
    for round in 0..ROUNDS {
        let (id, row) = suite.session(Some(owner())).await?;
        let renewals: Vec<_> = (0..2)
            .map(|_| renewal_of(id, &row, round.is_multiple_of(2)))
            .collect();
        let save = save_of(id, &row, next(&row, "at once"));
        let ending = async {
            let destroyed = suite.other().destroy(&id).await?;
            let ends = destroyed
                .successors
                .iter()
                .map(|id| suite.other().destroy(id));
            answers(together(ends).await).map(|_| ())
        };
        let saving = async {
            suite
                .one()
                .save(&save)
                .await
                .map(|_| ())
                .map_err(Failure::from)
        };
        let renewing = async {
            let all = renewals.iter().map(|renewal| suite.one().replace(renewal));
            answers(together(all).await).map(|_| ())
        };
        let running: [core::pin::Pin<Box<dyn Future<Output = Check> + Send + '_>>; 3] =
            [Box::pin(renewing), Box::pin(ending), Box::pin(saving)];
        together(running).await.into_iter().collect::<Check>()?;
        suite.no_session("the id that ended", &id).await?;
        for renewal in &renewals {
            suite
                .no_session("the id of a renewal", &renewal.new)
                .await?;
        }
    }
    Ok(())
}

/// Of sign-ins that began before, each is refused or ended.
pub(super) async fn the_end_of_all_wins_over_sign_ins_at_once<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    for _ in 0..ROUNDS {
        let whose = owner();
        let mut renewals = Vec::new();
        for _ in 0..MANY / 2 {
            let (id, row) = suite.session(None).await?;
            let mut renewal = renewal_of(id, &row, true);
            renewal.row.owner = Some(whose);
            renewals.push(renewal);
        }
        let creations: Vec<_> = (0..MANY / 2).map(|_| suite.creation(Some(whose))).collect();
        type Running<'a> =
            core::pin::Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;
        let mut running: Vec<Running<'_>> = Vec::new();
        for (create, renewal) in creations.iter().zip(&renewals) {
            running.push(Box::pin(async {
                suite.one().create(create).await.map(|_| ())
            }));
            running.push(Box::pin(async {
                suite.other().replace(renewal).await.map(|_| ())
            }));
        }
        let middle = running.len() / 2;
        running.insert(
            middle,
            Box::pin(async { suite.other().destroy_owner(&whose, &[]).await.map(|_| ()) }),
        );
        answers(together(running).await)?;
        expect("the list", suite.ids_of(whose).await?, &Vec::new())?;
        let new = creations
            .iter()
            .map(|create| create.id)
            .chain(renewals.iter().map(|renewal| renewal.new));
        for id in new {
            suite.no_session("a sign-in", &id).await?;
        }
    }
    Ok(())
}
