//! Converts slots to rows of the table and back.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Row as SqlRow, named_params};

use super::worker::failed;
use crate::store::protocol::{Renewal, Slot};
use crate::store::{Ending, OwnerId, Row, StoreError, StoreId, WriteId};

const LIVE: i64 = 0;
const RETIRED: i64 = 1;
const RENEWED: i64 = 2;
const DESTROYED: i64 = 3;

/// Milliseconds since 1970. A later time than the column can hold becomes the last that it can hold.
pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

pub(super) fn time(millis: i64) -> Result<SystemTime, StoreError> {
    let since = u64::try_from(millis).ok().map(Duration::from_millis);
    since
        .and_then(|since| UNIX_EPOCH.checked_add(since))
        .ok_or_else(|| corrupt("a time"))
}

pub(super) fn corrupt(what: &str) -> StoreError {
    StoreError::corrupt(format!("{what} is none"))
}

pub(super) fn bytes<const N: usize>(bytes: &[u8], what: &str) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| corrupt(what))
}

pub(super) fn join(ids: &[StoreId]) -> Vec<u8> {
    ids.iter().flat_map(|id| *id.as_bytes()).collect()
}

pub(super) fn split(joined: &[u8]) -> Result<Vec<StoreId>, StoreError> {
    let ids = joined
        .chunks(32)
        .map(|id| Ok(StoreId::from_bytes(bytes(id, "an id")?)));
    ids.collect()
}

/// The value in the column, which must have this type.
pub(super) fn column<T: rusqlite::types::FromSql>(
    row: &SqlRow<'_>,
    name: &str,
) -> Result<T, StoreError> {
    row.get(name)
        .map_err(|error| match error.sqlite_error_code() {
            Some(_) => failed(error),
            None => corrupt(name),
        })
}

fn column_time(row: &SqlRow<'_>, name: &str) -> Result<SystemTime, StoreError> {
    time(column(row, name)?)
}

/// Runs `take` on the one row that is found.
pub(super) fn find<T>(
    connection: &Connection,
    sql: &str,
    key: &[u8],
    take: impl FnOnce(&SqlRow<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query([key]).map_err(failed)?;
    rows.next().map_err(failed)?.map(take).transpose()
}

pub(super) fn get(connection: &Connection, id: &StoreId) -> Result<Option<Slot>, StoreError> {
    find(
        connection,
        "SELECT * FROM session WHERE id = ?1",
        id.as_bytes(),
        read,
    )
}

fn read(row: &SqlRow<'_>) -> Result<Slot, StoreError> {
    match column(row, "state")? {
        LIVE => Ok(Slot::Live(read_row(row)?)),
        RETIRED => Ok(Slot::Retired(
            read_row(row)?,
            read_renewal(row)?.ok_or_else(|| corrupt("a renewal"))?,
        )),
        state @ (RENEWED | DESTROYED) => Ok(Slot::Ended {
            ending: if state == RENEWED {
                Ending::Renewed
            } else {
                Ending::Destroyed
            },
            at: column_time(row, "ended_at")?,
            renewal: read_renewal(row)?,
        }),
        _ => Err(corrupt("a state")),
    }
}

fn read_row(row: &SqlRow<'_>) -> Result<Row, StoreError> {
    let owner: Option<Vec<u8>> = column(row, "owner")?;
    let owner = owner.map(|owner| bytes(&owner, "an owner").map(OwnerId::from_bytes));
    Ok(Row {
        version: WriteId::from_bytes(bytes(&column::<Vec<u8>>(row, "version")?, "a version")?),
        payload: column(row, "payload")?,
        owner: owner.transpose()?,
        label: column(row, "label")?,
        born: column_time(row, "born")?,
        seen_at: column_time(row, "seen_at")?,
        expires_at: column_time(row, "expires_at")?,
    })
}

fn read_renewal(row: &SqlRow<'_>) -> Result<Option<Renewal>, StoreError> {
    let at: Option<i64> = column(row, "renewed_at")?;
    let renewal = at.map(|at| {
        Ok(Renewal {
            at: time(at)?,
            successors: split(&column::<Vec<u8>>(row, "successors")?)?,
        })
    });
    renewal.transpose()
}

/// Stores the slot, and replaces the id's previous slot.
pub(super) fn put(connection: &Connection, id: &StoreId, slot: &Slot) -> Result<(), StoreError> {
    const SQL: &str = "INSERT OR REPLACE INTO session (id, state, gone_at, version, payload, owner, label, born, \
        seen_at, expires_at, ended_at, renewed_at, successors) VALUES (:id, :state, :gone_at, :version, :payload, \
        :owner, :label, :born, :seen_at, :expires_at, :ended_at, :renewed_at, :successors)";
    let (state, row, ended_at, renewal) = match slot {
        Slot::Live(row) => (LIVE, Some(row), None, None),
        Slot::Retired(row, renewal) => (RETIRED, Some(row), None, Some(renewal)),
        Slot::Ended {
            ending,
            at,
            renewal,
        } => {
            let state = if *ending == Ending::Renewed {
                RENEWED
            } else {
                DESTROYED
            };
            (state, None, Some(*at), renewal.as_ref())
        }
    };
    let mut statement = connection.prepare_cached(SQL).map_err(failed)?;
    let put = statement.execute(named_params! {
        ":id": id.as_bytes(),
        ":state": state,
        ":gone_at": millis(slot.gone_at()),
        ":version": row.map(|row| row.version.as_bytes()),
        ":payload": row.map(|row| &row.payload),
        ":owner": row.and_then(|row| row.owner.as_ref().map(OwnerId::as_bytes)),
        ":label": row.and_then(|row| row.label.as_ref()),
        ":born": row.map(|row| millis(row.born)),
        ":seen_at": row.map(|row| millis(row.seen_at)),
        ":expires_at": row.map(|row| millis(row.expires_at)),
        ":ended_at": ended_at.map(millis),
        ":renewed_at": renewal.map(|renewal| millis(renewal.at)),
        ":successors": renewal.map(|renewal| join(&renewal.successors)),
    });
    put.map(|_| ()).map_err(failed)
}

/// Moves the end of a live row without writing its payload again.
pub(super) fn move_end(
    connection: &Connection,
    id: &StoreId,
    slot: &Slot,
) -> Result<(), StoreError> {
    const SQL: &str =
        "UPDATE session SET seen_at = ?2, expires_at = ?3, gone_at = ?4 WHERE id = ?1";
    let Some(row) = slot.live() else {
        return Ok(());
    };
    let mut statement = connection.prepare_cached(SQL).map_err(failed)?;
    let (seen_at, expires_at) = (millis(row.seen_at), millis(row.expires_at));
    let moved = statement.execute((id.as_bytes(), seen_at, expires_at, millis(slot.gone_at())));
    moved.map(|_| ()).map_err(failed)
}
