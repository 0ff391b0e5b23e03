//! One row: made, saved, touched.

use super::Suite;
use super::check::{Check, HOUR, dropped_after, expect, id, next, owner, save_of, version};
use crate::store::{Create, Created, Loaded, Row, Saved, SessionStore, Touch, Touched};

pub(super) async fn nothing_is_absent<S: SessionStore>(suite: &Suite<S>) -> Check {
    suite
        .loaded("an id that nobody used", &id(), &Loaded::Absent)
        .await
}

pub(super) async fn a_row_is_loaded_as_it_was_written<S: SessionStore>(suite: &Suite<S>) -> Check {
    let all_bytes = (0..=255).cycle().take(70_000).collect();
    for payload in [all_bytes, vec![0], b"\x01{\"a\":\"\xc3\xa4\"}".to_vec()] {
        for owner in [None, Some(owner())] {
            let create = Create {
                row: Row {
                    payload: payload.clone(),
                    label: owner.map(|_| "Füchsin 'a\" \\ ; 2\u{0} %".to_owned()),
                    born: suite.now() - HOUR,
                    ..suite.row(owner)
                },
                ..suite.creation(owner)
            };
            expect(
                "a creation",
                suite.one().create(&create).await?,
                &Created::Done,
            )?;
            suite
                .loaded("what was created", &create.id, &Loaded::Row(create.row))
                .await?;
        }
    }
    Ok(())
}

pub(super) async fn an_id_is_taken_once<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (id, row) = suite.session(None).await?;
    let again = Create {
        id,
        row: next(&row, "another's"),
        begin: suite.now(),
    };
    expect(
        "a creation of the same id",
        suite.other().create(&again).await?,
        &Created::Taken,
    )?;
    suite.loaded("the first row", &id, &Loaded::Row(row)).await
}

pub(super) async fn a_save_makes_the_next_version<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (id, first) = suite.session(None).await?;
    let second = Row {
        label: Some("at home".to_owned()),
        seen_at: first.seen_at + HOUR / 60,
        ..next(&first, "second")
    };
    let save = save_of(id, &first, second.clone());
    expect("a save", suite.one().save(&save).await?, &Saved::Done)?;
    suite
        .loaded("the saved row", &id, &Loaded::Row(second))
        .await
}

pub(super) async fn a_stale_save_is_a_conflict_with_the_whole_row<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (id, first) = suite.session(None).await?;
    let theirs = next(&first, "theirs");
    let save = save_of(id, &first, theirs.clone());
    expect("their save", suite.other().save(&save).await?, &Saved::Done)?;
    let ours = save_of(id, &first, next(&first, "ours"));
    let answer = suite.one().save(&ours).await?;
    expect(
        "a save of what was loaded before",
        answer,
        &Saved::Conflict(theirs.clone()),
    )?;
    suite.loaded("their row", &id, &Loaded::Row(theirs)).await
}

pub(super) async fn a_save_makes_no_row<S: SessionStore>(suite: &Suite<S>) -> Check {
    let (id, row) = (id(), suite.row(None));
    let save = save_of(id, &row, next(&row, "out of nothing"));
    expect(
        "a save of nothing",
        suite.one().save(&save).await?,
        &Saved::Gone,
    )?;
    suite
        .loaded("what was never created", &id, &Loaded::Absent)
        .await
}

pub(super) async fn a_repeated_write_is_done_once<S: SessionStore>(suite: &Suite<S>) -> Check {
    let create = suite.creation(None);
    for _ in 0..2 {
        expect(
            "a creation",
            suite.one().create(&create).await?,
            &Created::Done,
        )?;
    }
    let save = save_of(create.id, &create.row, next(&create.row, "second"));
    for _ in 0..2 {
        expect("a save", suite.one().save(&save).await?, &Saved::Done)?;
    }
    suite
        .loaded("the row", &create.id, &Loaded::Row(save.row))
        .await
}

pub(super) async fn a_repeated_write_is_not_done_over_another<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let create = suite.creation(None);
    let (id, first) = (create.id, &create.row);
    expect(
        "a creation",
        suite.one().create(&create).await?,
        &Created::Done,
    )?;
    let lost = save_of(id, first, next(first, "answer lost"));
    expect(
        "a save whose answer is lost",
        suite.one().save(&lost).await?,
        &Saved::Done,
    )?;
    let later = save_of(id, &lost.row, next(&lost.row, "later"));
    expect(
        "a save on top of it",
        suite.other().save(&later).await?,
        &Saved::Done,
    )?;
    let answer = suite.one().save(&lost).await?;
    expect(
        "the first one repeated",
        answer,
        &Saved::Conflict(later.row.clone()),
    )?;
    expect(
        "the creation repeated",
        suite.one().create(&create).await?,
        &Created::Taken,
    )?;
    suite
        .loaded("the later row", &id, &Loaded::Row(later.row))
        .await
}

pub(super) async fn a_save_that_is_not_due_leaves_the_end_alone<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (id, first) = suite.session(None).await?;
    let touch = Touch {
        id,
        expected: first.version,
        seen_at: first.seen_at,
        expires_at: first.expires_at + HOUR,
    };
    expect(
        "a touch",
        suite.other().touch(&touch).await?,
        &Touched::Done,
    )?;
    let save = save_of(id, &first, next(&first, "not due"));
    expect(
        "a save that is not due",
        suite.one().save(&save).await?,
        &Saved::Done,
    )?;
    let moved = Row {
        expires_at: touch.expires_at,
        ..save.row
    };
    suite
        .loaded(
            "the row with the touched end",
            &id,
            &Loaded::Row(moved.clone()),
        )
        .await?;
    let mut due = save_of(id, &moved, next(&moved, "due"));
    due.moves_end = true;
    due.row.expires_at = first.expires_at;
    expect(
        "a save that moves the end",
        suite.one().save(&due).await?,
        &Saved::Done,
    )?;
    suite
        .loaded("the row with the saved end", &id, &Loaded::Row(due.row))
        .await
}

pub(super) async fn a_touch_moves_the_end_and_nothing_else<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (id, row) = suite.session(Some(owner())).await?;
    let touch = Touch {
        id,
        expected: row.version,
        seen_at: row.seen_at + HOUR / 2,
        expires_at: row.expires_at + HOUR,
    };
    let touched = Row {
        seen_at: touch.seen_at,
        expires_at: touch.expires_at,
        ..row.clone()
    };
    expect("a touch", suite.one().touch(&touch).await?, &Touched::Done)?;
    suite
        .loaded("the touched row", &id, &Loaded::Row(touched.clone()))
        .await?;
    let earlier = Touch {
        expires_at: row.expires_at,
        ..touch
    };
    expect(
        "a touch with an earlier end",
        suite.one().touch(&earlier).await?,
        &Touched::Done,
    )?;
    suite
        .loaded("the row with the later end", &id, &Loaded::Row(touched))
        .await
}

pub(super) async fn a_touch_of_another_version_moves_on<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let (id, row) = suite.session(None).await?;
    let touch = Touch {
        id,
        expected: version(),
        seen_at: row.seen_at,
        expires_at: row.expires_at + HOUR,
    };
    expect(
        "a touch of another version",
        suite.one().touch(&touch).await?,
        &Touched::MovedOn,
    )?;
    suite
        .loaded("the untouched row", &id, &Loaded::Row(row))
        .await
}

pub(super) async fn a_touch_makes_no_row<S: SessionStore>(suite: &Suite<S>) -> Check {
    let touch = Touch {
        id: id(),
        expected: version(),
        seen_at: suite.now(),
        expires_at: suite.now() + HOUR,
    };
    expect(
        "a touch of nothing",
        suite.one().touch(&touch).await?,
        &Touched::Gone,
    )?;
    suite
        .loaded("what was never created", &touch.id, &Loaded::Absent)
        .await
}

/// Of a write that was begun and dropped, whatever was done is the whole write: its repetition is done, and a row is
/// one or the other.
pub(super) async fn a_dropped_write_is_whole<S: SessionStore>(suite: &Suite<S>) -> Check {
    const MOST_POLLS: usize = 32;
    let (id, mut row) = suite.session(Some(owner())).await?;
    for polls in 0..MOST_POLLS {
        let save = save_of(id, &row, next(&row, &format!("after {polls} polls")));
        let ended = dropped_after(polls, suite.one().save(&save)).await;
        match suite.other().load(&id).await? {
            Loaded::Row(found) if found == row || found == save.row => {}
            other => return expect("a row", other, &Loaded::Row(row)),
        }
        expect(
            "the dropped save, repeated",
            suite.one().save(&save).await?,
            &Saved::Done,
        )?;
        suite
            .loaded("the saved row", &id, &Loaded::Row(save.row.clone()))
            .await?;
        row = save.row;
        if ended {
            break;
        }
    }
    Ok(())
}
