//! The tables, and the opening of a connection.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior};

use super::BUSY;
use super::worker::failed;
use crate::store::StoreError;

/// The format of the tables.
const FORMAT: i64 = 1;

/// How long opening waits for a busy file. `SQLite` itself does not wait when it changes the journal mode.
const OPENING: Duration = Duration::from_secs(10);

/// Times are milliseconds since 1970. `state`: 0 live, 1 retired, 2 renewed, 3 destroyed; the last two have no row.
/// `successors`: concatenated ids of 32 bytes.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS session_format (format INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS session (
    id BLOB NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    gone_at INTEGER NOT NULL,
    version BLOB,
    payload BLOB,
    owner BLOB,
    label TEXT,
    born INTEGER,
    seen_at INTEGER,
    expires_at INTEGER,
    ended_at INTEGER,
    renewed_at INTEGER,
    successors BLOB
);
CREATE INDEX IF NOT EXISTS session_owner ON session (owner) WHERE owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS session_gone_at ON session (gone_at);
CREATE TABLE IF NOT EXISTS session_place (owner BLOB NOT NULL PRIMARY KEY, at INTEGER NOT NULL, spared BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS session_place_at ON session_place (at);
CREATE TABLE IF NOT EXISTS session_notice (
    write BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    id BLOB,
    owner BLOB,
    spared BLOB
);
CREATE INDEX IF NOT EXISTS session_notice_at ON session_notice (at);
CREATE INDEX IF NOT EXISTS session_notice_until ON session_notice (until);
";

/// Opens the file and makes its tables. Tries again while another process does the same.
pub(super) fn open(path: &PathBuf) -> Result<Connection, StoreError> {
    let begun = Instant::now();
    loop {
        match connect_and_prepare(path) {
            Err(error) if is_busy(&error) && begun.elapsed() < OPENING => {
                sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(failed(error)),
            Ok((connection, FORMAT)) => return Ok(connection),
            Ok((_, other)) => {
                return Err(StoreError::unavailable(format!(
                    "the tables are of format {other}, which a newer version of the crate made"
                )));
            }
        }
    }
}

/// A connection to a file whose tables exist.
pub(super) fn connect(path: &PathBuf) -> Result<Connection, StoreError> {
    connect_to(path).map_err(failed)
}

fn connect_to(path: &PathBuf) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    // In WAL mode the default of most builds would lose the latest commits when the power fails.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// A connection to the file, and the format of its tables.
fn connect_and_prepare(path: &PathBuf) -> rusqlite::Result<(Connection, i64)> {
    let mut connection = connect_to(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let find = "SELECT format FROM session_format";
    let is_there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'session_format'";
    let is_there = transaction
        .query_row(is_there, [], |_| Ok(()))
        .optional()?
        .is_some();
    let known = if is_there {
        transaction
            .query_row(find, [], |row| row.get(0))
            .optional()?
    } else {
        None
    };
    let format = known.unwrap_or(FORMAT);
    if format == FORMAT {
        transaction.execute_batch(TABLES)?;
    }
    if known.is_none() {
        transaction.execute("INSERT INTO session_format (format) VALUES (?1)", [FORMAT])?;
    }
    transaction.commit()?;
    Ok((connection, format))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(
        code,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}
