//! Connections: the host, the time to open one, and the meaning of a failure.

use core::time::Duration;
use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use tokio::time::timeout;
use tokio_postgres::error::{Severity, SqlState};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, Row as SqlRow};

use super::statement::Statement;
use super::transport::Transport;
use crate::store::StoreError;

/// One connection and the statements that were prepared on it.
pub(super) struct Connection {
    pub(super) client: Client,
    prepared: [Option<tokio_postgres::Statement>; Statement::ALL.len()],
}

/// Why a statement has no answer, and its consequences.
pub(super) struct Failure {
    pub(super) error: StoreError,
    /// This connection and the idle ones can't be used any more.
    pub(super) breaks: bool,
    /// The statement conflicted with another transaction, and nothing was done.
    pub(super) is_conflict: bool,
}

impl Failure {
    /// Nothing was sent.
    pub(super) fn unreached(error: StoreError) -> Self {
        Self {
            error,
            breaks: false,
            is_conflict: false,
        }
    }
}

impl Connection {
    /// Prepares the statement if this connection has not done so. This takes one trip, once.
    pub(super) async fn prepare(
        &mut self,
        statement: Statement,
        sql: &str,
    ) -> Result<tokio_postgres::Statement, Failure> {
        let place = &mut self.prepared[statement as usize];
        if let Some(prepared) = place {
            return Ok(prepared.clone());
        }
        let prepared = self.client.prepare_typed(sql, statement.types()).await;
        let prepared = prepared.map_err(|error| failure(error, false))?;
        Ok(place.insert(prepared).clone())
    }

    pub(super) async fn run(
        &self,
        statement: Statement,
        prepared: Option<&tokio_postgres::Statement>,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<SqlRow>, Failure> {
        let answer = if let Some(prepared) = prepared {
            self.client.query(prepared, values).await
        } else {
            let types = statement.types().iter().cloned();
            let pairs: Vec<_> = values.iter().copied().zip(types).collect();
            self.client.query_typed(sql, &pairs).await
        };
        answer.map_err(|error| failure(error, statement.writes()))
    }
}

/// With `is_write`, the statement may have been done, unless the server said that it was not.
fn failure(error: Error, is_write: bool) -> Failure {
    let code = error.code().cloned();
    let code = code.as_ref().map_or("", SqlState::code);
    let is_denied = error
        .as_db_error()
        .is_some_and(|error| error.parsed_severity() == Some(Severity::Error))
        && !code.starts_with("08")
        && !code.starts_with("57P")
        && code != SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN.code();
    let is_conflict = is_denied && (code == "40001" || code == "40P01");
    let breaks = !is_denied || matches!(code, "25006" | "26000" | "42P05" | "0A000");
    let error = if is_write && !is_denied {
        StoreError::in_doubt(error)
    } else {
        explained(error, code)
    };
    Failure {
        error,
        breaks,
        is_conflict,
    }
}

fn explained(error: Error, code: &str) -> StoreError {
    let advice = match code {
        "42P01" | "42883" | "3F000" => {
            "the tables of sessions are not there, or not those of this version: call `migrate()`"
        }
        "26000" | "42P05" => {
            "a prepared statement is not there: behind pgbouncer in transaction mode call `with_pgbouncer()`"
        }
        "25006" => {
            "the server is read-only: name all hosts, with `target_session_attrs=read-write`"
        }
        _ => return StoreError::unavailable(told(&error)),
    };
    StoreError::unavailable(format!("{}; {advice}", told(&error)))
}

/// The message with its cause, which the client's `Display` leaves out.
fn told(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Opens connections to the host that worked last, or else to the next host.
pub(super) struct Opener {
    hosts: Vec<Config>,
    last: AtomicUsize,
    transport: Transport,
    within: Duration,
}

impl Opener {
    /// `hosts` has one configuration for each host.
    pub(super) fn new(hosts: Vec<Config>, transport: Transport, within: Duration) -> Self {
        Self {
            hosts,
            last: AtomicUsize::new(0),
            transport,
            within,
        }
    }

    /// Each host gets a share of the time, so that a silent host leaves time for the others.
    pub(super) async fn open(&self) -> Result<Connection, StoreError> {
        let count = self.hosts.len().max(1);
        let share = self.within / u32::try_from(count).unwrap_or(u32::MAX);
        let first = self.last.load(Ordering::Relaxed);
        let mut failures = Vec::new();
        for number in (0..count).map(|step| (first + step) % count) {
            match timeout(share, self.transport.connect(&self.hosts[number])).await {
                Ok(Ok(client)) => {
                    self.last.store(number, Ordering::Relaxed);
                    return Ok(Connection {
                        client,
                        prepared: Default::default(),
                    });
                }
                Ok(Err(error)) => failures.push(told(&error)),
                Err(_) => failures.push(format!("no connection within {share:?}")),
            }
        }
        Err(StoreError::unavailable(failures.join("; ")))
    }
}

impl Manager for Opener {
    type Type = Connection;
    type Error = StoreError;

    async fn create(&self) -> Result<Connection, StoreError> {
        self.open().await
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<StoreError> {
        if connection.client.is_closed() {
            return Err(RecycleError::message("the server closed the connection"));
        }
        Ok(())
    }
}
