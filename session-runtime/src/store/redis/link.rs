//! One connection for all calls, made anew when it breaks. Nothing is sent twice but a script that was not there.

use core::time::Duration;
use std::time::SystemTime;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, RedisError, Value, from_redis_value_ref};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::scripts::Script;
use crate::store::StoreError;

/// What a script answers.
pub(super) type Answer = Vec<Vec<u8>>;

/// Whether a lost answer leaves something in doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trip {
    Read,
    Write,
}

pub(super) struct Link {
    client: Client,
    present: Mutex<Present>,
}

#[derive(Default)]
struct Present {
    /// Which connection it is, so that a late failure does not end a newer one.
    number: u64,
    connection: Option<MultiplexedConnection>,
}

impl Link {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            present: Mutex::default(),
        }
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), StoreError> {
        let mut present = self.present.lock().await;
        if let Some(connection) = &present.connection {
            return Ok((present.number, connection.clone()));
        }
        // The time-outs are those of the call.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let client = &self.client;
        let made = client.get_multiplexed_async_connection_with_config(&config);
        let connection = made.await.map_err(StoreError::unavailable)?;
        present.number += 1;
        present.connection = Some(connection.clone());
        Ok((present.number, connection))
    }

    async fn give_up(&self, number: u64) {
        let mut present = self.present.lock().await;
        if present.number == number {
            present.connection = None;
        }
    }

    /// Sends one command. A server that answers with an error has done nothing.
    async fn send(&self, trip: Trip, command: &Cmd, within: Duration) -> Result<Sent, StoreError> {
        let begun = tokio::time::Instant::now();
        let connecting = timeout(within, self.connection()).await;
        let (number, mut connection) =
            connecting.map_err(|_| StoreError::unavailable("no connection to Redis in time"))??;
        let left = within.saturating_sub(begun.elapsed());
        let answer = timeout(left, connection.send_packed_command(command)).await;
        let lost = match answer.map(|answer| answer.and_then(Value::extract_error)) {
            Ok(Ok(value)) => return Ok(Sent::Answer(value)),
            Ok(Err(error)) => match error.code() {
                Some("NOSCRIPT") => return Ok(Sent::NoScript),
                Some("WRONGTYPE") => return Err(StoreError::corrupt(named(&error))),
                Some(_) => return Err(StoreError::unavailable(error)),
                None => error.to_string(),
            },
            Err(_) => "Redis did not answer in time".to_owned(),
        };
        self.give_up(number).await;
        Err(match trip {
            Trip::Read => StoreError::unavailable(lost),
            Trip::Write => StoreError::in_doubt(lost),
        })
    }

    /// Runs a script on one key; where the server does not know it, its text is sent.
    pub(super) async fn run(
        &self,
        call: Call<'_>,
        arguments: &[&[u8]],
    ) -> Result<Answer, StoreError> {
        let now = call
            .now
            .map_or_else(String::new, |now| super::answers::millis(now).to_string());
        let command = |verb: &str, script: &str| {
            let mut command = redis::cmd(verb);
            command.arg(script).arg(1).arg(call.key).arg(&now);
            for argument in arguments {
                command.arg(*argument);
            }
            command
        };
        let begun = tokio::time::Instant::now();
        let known = command("EVALSHA", call.script.hash());
        let sent = match self.send(call.trip, &known, call.within).await? {
            Sent::NoScript => {
                let text = command("EVAL", call.script.text());
                let left = call.within.saturating_sub(begun.elapsed());
                self.send(call.trip, &text, left).await?
            }
            sent @ Sent::Answer(_) => sent,
        };
        let Sent::Answer(value) = sent else {
            return Err(StoreError::unavailable("Redis does not run scripts"));
        };
        let answer: Answer = from_redis_value_ref(&value).map_err(StoreError::corrupt)?;
        match answer.first().map(Vec::as_slice) {
            Some(b"corrupt") => Err(StoreError::corrupt("its fields make no sense")),
            Some(b"newer") => Err(StoreError::unavailable(
                "a newer version of the crate wrote the row",
            )),
            _ => Ok(answer),
        }
    }

    /// The names of keys that begin so, a step: the next cursor is 0 after the last.
    pub(super) async fn scan(
        &self,
        cursor: u64,
        pattern: &[u8],
        within: Duration,
    ) -> Result<(u64, Answer), StoreError> {
        let mut command = redis::cmd("SCAN");
        command
            .arg(cursor)
            .arg("MATCH")
            .arg(pattern)
            .arg("COUNT")
            .arg(500);
        match self.send(Trip::Read, &command, within).await? {
            Sent::Answer(value) => from_redis_value_ref(&value).map_err(StoreError::corrupt),
            Sent::NoScript => Err(StoreError::unavailable("Redis answered out of turn")),
        }
    }
}

enum Sent {
    Answer(Value),
    NoScript,
}

/// A script, the key that it is run on, and what holds for the trip.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) script: &'static Script,
    pub(super) key: &'a [u8],
    pub(super) trip: Trip,
    pub(super) within: Duration,
    pub(super) now: Option<SystemTime>,
}

/// The error without what is stored.
fn named(error: &RedisError) -> String {
    format!("{:?}", error.kind())
}
