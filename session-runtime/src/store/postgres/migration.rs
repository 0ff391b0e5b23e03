//! Makes the tables and functions.

use core::time::Duration;

use tokio::time::timeout;
use tokio_postgres::{Client, Error};

use super::connection::Opener;
use super::statement::{TABLES, Table};
use crate::store::StoreError;

/// The format of the tables.
const FORMAT: i32 = 1;
/// How long a migration may take, including the wait for another server's migration.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) async fn migrate(opener: &Opener, table: &Table) -> Result<(), StoreError> {
    let connection = opener.open().await?;
    let format = timeout(LIMIT, made(&connection.client, table)).await;
    let format = format
        .map_err(|_| StoreError::unavailable("the tables were not made within a minute"))?
        .map_err(|error| match error.as_db_error() {
            Some(error) => StoreError::unavailable(error.to_string()),
            None => StoreError::unavailable(error),
        })?;
    if format == FORMAT {
        return Ok(());
    }
    Err(StoreError::unavailable(format!(
        "the tables are of format {format}, which a newer version of the crate made"
    )))
}

/// Makes all tables in one transaction, one server after the other. Returns the format of the tables.
async fn made(client: &Client, table: &Table) -> Result<i32, Error> {
    let begin = table.fill(
        "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
         SELECT pg_advisory_xact_lock(hashtextextended('session-runtime {session}', 0));",
    );
    client.batch_execute(&begin).await?;
    let format = format(client, table).await?;
    if format.is_none() {
        client.batch_execute(&table.fill(TABLES)).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(format.unwrap_or(FORMAT))
}

async fn format(client: &Client, table: &Table) -> Result<Option<i32>, Error> {
    let is_there = table.fill("SELECT 1 WHERE to_regclass('{session_format}') IS NOT NULL");
    if client.query_typed(&is_there, &[]).await?.is_empty() {
        return Ok(None);
    }
    let find = table.fill("SELECT max(format) FROM {session_format}");
    let rows = client.query_typed(&find, &[]).await?;
    rows.first().map_or(Ok(None), |row| row.try_get(0))
}
