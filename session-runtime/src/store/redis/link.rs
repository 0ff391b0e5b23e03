//! One connection to one server for all calls. It is opened again after it breaks. No command is sent twice.

use core::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, RedisError, RedisResult, Value, from_redis_value_ref,
};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::address::Address;
use super::sentinel::Sentinels;
use crate::store::StoreError;

/// Whether a lost answer leaves a write in doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trip {
    Read,
    Write,
}

/// The outcome of a command.
pub(super) enum Sent {
    Answer(Value),
    /// The server does not know the script, and has done nothing.
    NoScript,
    /// Another node of the cluster has the key, and this one has done nothing.
    Moved(Address),
    /// The key may be at another node already. Only this command is sent there.
    Ask(Address),
}

/// Where the server is.
pub(super) enum Locator {
    Fixed(Client),
    /// The primary that the Sentinels name. They are asked for each new connection.
    Primary(Sentinels),
}

pub(super) struct Link {
    locator: Locator,
    present: Mutex<Present>,
}

#[derive(Default)]
struct Present {
    /// The number of the connection, so that a late failure does not close a newer one.
    number: u64,
    connection: Option<MultiplexedConnection>,
}

impl Link {
    pub(super) fn new(locator: Locator) -> Self {
        Self {
            locator,
            present: Mutex::default(),
        }
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), StoreError> {
        let mut present = self.present.lock().await;
        if let Some(connection) = &present.connection {
            return Ok((present.number, connection.clone()));
        }
        let connection = match &self.locator {
            Locator::Fixed(client) => connect(client).await?,
            Locator::Primary(sentinels) => {
                let connection = connect(&sentinels.primary().await?).await?;
                check_primary(connection.clone()).await?;
                connection
            }
        };
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
    pub(super) async fn send(
        &self,
        trip: Trip,
        command: &Cmd,
        within: Duration,
    ) -> Result<Sent, StoreError> {
        self.exchange(trip, within, async |mut connection| {
            connection.send_packed_command(command).await
        })
        .await
    }

    /// Sends one command to a node that is about to take the key over.
    pub(super) async fn send_asking(
        &self,
        trip: Trip,
        command: &Cmd,
        within: Duration,
    ) -> Result<Sent, StoreError> {
        let mut both = redis::pipe();
        both.cmd("ASKING").ignore().add_command(command.clone());
        self.exchange(trip, within, async |mut connection| {
            let answers = connection.send_packed_commands(&both, 1, 1).await?;
            Ok(answers.into_iter().next().unwrap_or(Value::Nil))
        })
        .await
    }

    async fn exchange(
        &self,
        trip: Trip,
        within: Duration,
        send: impl AsyncFnOnce(MultiplexedConnection) -> RedisResult<Value>,
    ) -> Result<Sent, StoreError> {
        let begun = Instant::now();
        let connecting = timeout(within, self.connection()).await;
        let (number, connection) =
            connecting.map_err(|_| StoreError::unavailable("no connection to Redis in time"))??;
        let left = within.saturating_sub(begun.elapsed());
        let answer = timeout(left, send(connection)).await;
        let lost = match answer.map(|answer| answer.and_then(Value::extract_error)) {
            Ok(Ok(value)) => return Ok(Sent::Answer(value)),
            Ok(Err(error)) if error.code().is_some() => {
                if error.code() == Some("READONLY") {
                    // The server is no longer the primary. The next call looks for the new one.
                    self.give_up(number).await;
                }
                return refused(error);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "Redis did not answer in time".to_owned(),
        };
        self.give_up(number).await;
        Err(match trip {
            Trip::Read => StoreError::unavailable(lost),
            Trip::Write => StoreError::in_doubt(lost),
        })
    }
}

async fn connect(client: &Client) -> Result<MultiplexedConnection, StoreError> {
    // The call has its own time-outs.
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(None)
        .set_response_timeout(None);
    let made = client.get_multiplexed_async_connection_with_config(&config);
    made.await.map_err(StoreError::unavailable)
}

/// A Sentinel may learn late that another server took the primary's place.
async fn check_primary(mut connection: MultiplexedConnection) -> Result<(), StoreError> {
    let role = redis::cmd("ROLE");
    let role = connection.send_packed_command(&role).await;
    let role = role.map_err(StoreError::unavailable)?;
    let role: Vec<Value> = from_redis_value_ref(&role).map_err(StoreError::corrupt)?;
    let is_primary = role
        .first()
        .is_some_and(|role| *role == Value::BulkString(b"master".into()));
    if !is_primary {
        return Err(StoreError::unavailable("the server is no primary yet"));
    }
    Ok(())
}

/// Converts a server's error to an outcome.
fn refused(error: RedisError) -> Result<Sent, StoreError> {
    let node = error
        .redirect_node()
        .and_then(|(node, _slot)| node.parse().ok());
    match (error.code(), node) {
        (Some("NOSCRIPT"), _) => Ok(Sent::NoScript),
        (Some("MOVED"), Some(node)) => Ok(Sent::Moved(node)),
        (Some("ASK"), Some(node)) => Ok(Sent::Ask(node)),
        // The message must not contain stored data.
        (Some("WRONGTYPE"), _) => Err(StoreError::corrupt(format!("{:?}", error.kind()))),
        _ => Err(StoreError::unavailable(error)),
    }
}
