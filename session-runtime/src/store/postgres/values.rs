//! Converts values of the protocol to columns and back.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio_postgres::Row as SqlRow;
use tokio_postgres::types::FromSql;

use crate::store::protocol::{Renewal, Slot};
use crate::store::{Ending, Listed, Notice, OwnerId, Row, StoreError, StoreId, Subject, WriteId};

type Answer<T> = Result<T, StoreError>;

const LIVE: i16 = 0;
const RETIRED: i16 = 1;
const RENEWED: i16 = 2;
const DESTROYED: i16 = 3;

/// The last time that a column holds, in milliseconds. The engine can add to it without overflow.
const LAST: i64 = i64::MAX / 2;

/// Milliseconds since 1970. A later time than the column can hold becomes [`LAST`].
pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    duration(since)
}

pub(super) fn duration(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).map_or(LAST, |millis| millis.min(LAST))
}

pub(super) fn time(millis: i64) -> Answer<SystemTime> {
    let since = u64::try_from(millis).ok().map(Duration::from_millis);
    since
        .and_then(|since| UNIX_EPOCH.checked_add(since))
        .ok_or_else(|| corrupt("a time"))
}

pub(super) fn corrupt(what: &str) -> StoreError {
    StoreError::corrupt(format!("{what} is none"))
}

/// The value in the column, which must have this type.
pub(super) fn column<'a, T: FromSql<'a>>(row: &'a SqlRow, at: usize) -> Answer<T> {
    row.try_get(at).map_err(StoreError::corrupt)
}

fn column_time(row: &SqlRow, at: usize) -> Answer<SystemTime> {
    time(column(row, at)?)
}

fn bytes<const N: usize>(bytes: &[u8], what: &str) -> Answer<[u8; N]> {
    bytes.try_into().map_err(|_| corrupt(what))
}

fn id(row: &SqlRow, at: usize) -> Answer<StoreId> {
    Ok(StoreId::from_bytes(bytes(column(row, at)?, "an id")?))
}

/// The ids in the column. A null means no ids.
pub(super) fn ids(row: &SqlRow, at: usize) -> Answer<Vec<StoreId>> {
    let ids: Option<Vec<&[u8]>> = column(row, at)?;
    let ids = ids.unwrap_or_default().into_iter();
    ids.map(|id| Ok(StoreId::from_bytes(bytes(id, "an id")?)))
        .collect()
}

fn label(row: &SqlRow, at: usize) -> Answer<Option<String>> {
    let label: Option<&[u8]> = column(row, at)?;
    let label = label.map(|label| String::from_utf8(label.to_owned()));
    label.transpose().map_err(|_| corrupt("a label"))
}

/// The row of a session in the columns from the second one on.
pub(super) fn session(row: &SqlRow) -> Answer<Row> {
    let owner: Option<&[u8]> = column(row, 3)?;
    let owner = owner.map(|owner| bytes(owner, "an owner").map(OwnerId::from_bytes));
    Ok(Row {
        version: WriteId::from_bytes(bytes(column(row, 1)?, "a version")?),
        payload: column(row, 2)?,
        owner: owner.transpose()?,
        label: label(row, 4)?,
        born: column_time(row, 5)?,
        seen_at: column_time(row, 6)?,
        expires_at: column_time(row, 7)?,
    })
}

fn renewal(row: &SqlRow) -> Answer<Option<Renewal>> {
    let at: Option<i64> = column(row, 10)?;
    let renewal = at.map(|at| {
        Ok(Renewal {
            at: time(at)?,
            successors: ids(row, 11)?,
        })
    });
    renewal.transpose()
}

/// The slot of an id, as `Statement::Load` selects it. The protocol decides whether it has expired.
pub(super) fn slot(row: &SqlRow) -> Answer<Slot> {
    match column(row, 8)? {
        LIVE => Ok(Slot::Live(session(row)?)),
        RETIRED => {
            let renewal = renewal(row)?.ok_or_else(|| corrupt("a renewal"))?;
            Ok(Slot::Retired(session(row)?, renewal))
        }
        state @ (RENEWED | DESTROYED) => {
            let ending = if state == RENEWED {
                Ending::Renewed
            } else {
                Ending::Destroyed
            };
            let gone_at: i64 = column(row, 9)?;
            Ok(Slot::ended_until(ending, time(gone_at)?, renewal(row)?))
        }
        _ => Err(corrupt("a state")),
    }
}

pub(super) fn listed(row: &SqlRow) -> Answer<Listed> {
    Ok(Listed {
        id: id(row, 0)?,
        label: label(row, 1)?,
        born: column_time(row, 2)?,
        seen_at: column_time(row, 3)?,
        expires_at: column_time(row, 4)?,
    })
}

/// A notice with its time. `None` if the feed is empty.
pub(super) fn notice(row: &SqlRow) -> Answer<Option<(SystemTime, Notice)>> {
    let write: Option<&[u8]> = column(row, 1)?;
    let Some(write) = write else {
        return Ok(None);
    };
    let (at, until): (i64, i64) = (column(row, 2)?, column(row, 3)?);
    let keep_for = u64::try_from(until.saturating_sub(at)).map_err(|_| corrupt("a notice"))?;
    let notice = Notice {
        write: WriteId::from_bytes(bytes(write, "a write")?),
        subject: subject(row)?,
        keep_for: Duration::from_millis(keep_for),
    };
    Ok(Some((time(at)?, notice)))
}

fn subject(row: &SqlRow) -> Answer<Subject> {
    let id: Option<&[u8]> = column(row, 4)?;
    if let Some(id) = id {
        return Ok(Subject::Id(StoreId::from_bytes(bytes(id, "an id")?)));
    }
    Ok(Subject::Owner {
        owner: OwnerId::from_bytes(bytes(column(row, 5)?, "an owner")?),
        except: ids(row, 6)?,
    })
}
