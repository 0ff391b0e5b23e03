//! A thread with a connection. It runs calls one after the other.

use core::panic::AssertUnwindSafe;
use core::time::Duration;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::store::StoreError;

/// The most calls that wait for the thread. More are refused.
const QUEUE: usize = 4_096;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle of the thread, which ends when the last clone is dropped.
#[derive(Clone)]
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
}

impl Worker {
    pub(super) async fn start(
        name: &str,
        path: Arc<PathBuf>,
        open: fn(&PathBuf) -> Result<Connection, StoreError>,
    ) -> Result<Self, StoreError> {
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        let (opened, is_open) = oneshot::channel();
        let work = move || {
            let mut connection = match open(&path) {
                Ok(connection) => connection,
                Err(error) => return drop(opened.send(Err(error))),
            };
            if opened.send(Ok(())).is_err() {
                return;
            }
            while let Some(job) = queue.blocking_recv() {
                // A clock of the user's may panic. The panic must fail only its own call.
                let _broken = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
            }
        };
        let thread = std::thread::Builder::new().name(name.to_owned());
        thread.spawn(work).map_err(StoreError::unavailable)?;
        is_open.await.map_err(StoreError::unavailable)??;
        Ok(Self { jobs })
    }

    /// Runs a reading call.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        within: Duration,
        call: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let answer = self.run(within, move |connection| call(connection)).await;
        answer.map_err(|error| match error {
            StoreError::InDoubt(source) => StoreError::Unavailable(source),
            other => other,
        })
    }

    /// Runs a writing call in a transaction of its own, which is committed when it succeeds.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        within: Duration,
        call: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(within, move |connection| {
            let begin = connection.transaction_with_behavior(TransactionBehavior::Immediate);
            let transaction = begin.map_err(failed)?;
            let answer = call(&transaction)?;
            transaction.commit().map_err(StoreError::in_doubt)?;
            Ok(answer)
        })
        .await
    }

    /// The number of calls that the thread has not started.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Runs a call, unless its caller is gone before its turn.
    async fn run<T: Send + 'static>(
        &self,
        within: Duration,
        call: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = move |connection: &mut Connection| {
            if !answer.is_closed() {
                let _gone = answer.send(call(connection));
            }
        };
        let sent = self.jobs.try_send(Box::new(job));
        sent.map_err(|_| {
            StoreError::unavailable("the queue of the SQLite store is full, or its thread is gone")
        })?;
        match timeout(within, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(StoreError::in_doubt(
                "the thread of the SQLite store broke off",
            )),
            Err(_) => Err(StoreError::in_doubt(
                "the SQLite store did not answer in time",
            )),
        }
    }
}

/// The error of a failed statement, whose transaction is rolled back.
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::corrupt(error),
        _ => StoreError::unavailable(error),
    }
}
