//! The servers that have the keys: one, or the nodes of a cluster. A script is run here on one key.

use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use redis::{Cmd, from_redis_value_ref};
use tokio::time::Instant;

use super::address::{address_of, client, info};
use super::answers::{Answer, millis};
use super::cluster::Cluster;
use super::link::{Link, Locator, Sent, Trip};
use super::scripts::Script;
use super::sentinel::Sentinels;
use crate::store::StoreError;

pub(super) enum Servers {
    One(Arc<Link>),
    Cluster(Box<Cluster>),
}

/// A script, its key, and the settings of the trip.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) script: &'static Script,
    pub(super) key: &'a [u8],
    pub(super) trip: Trip,
    pub(super) within: Duration,
    pub(super) now: Option<SystemTime>,
}

impl Servers {
    pub(super) fn one(url: &str) -> Result<Self, StoreError> {
        Ok(Self::at(Locator::Fixed(client(info(url)?)?)))
    }

    pub(super) fn sentinel(
        primary: &str,
        urls: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Self, StoreError> {
        let login = info(primary)?;
        let clients = urls.into_iter().map(|url| client(info(url.as_ref())?));
        let sentinels = Sentinels {
            clients: clients.collect::<Result<_, _>>()?,
            name: address_of(&login, "the primary has no name")?.host,
            login,
        };
        Ok(Self::at(Locator::Primary(sentinels)))
    }

    fn at(locator: Locator) -> Self {
        Self::One(Arc::new(Link::new(locator)))
    }

    pub(super) fn cluster(urls: impl IntoIterator<Item: AsRef<str>>) -> Result<Self, StoreError> {
        let infos = urls.into_iter().map(|url| info(url.as_ref()));
        let infos = infos.collect::<Result<Vec<_>, _>>()?;
        let seeds = infos.iter().map(|info| {
            address_of(
                info,
                "the nodes of a Redis Cluster are named by host and port",
            )
        });
        let seeds = seeds.collect::<Result<_, _>>()?;
        let login = infos.into_iter().next();
        let login =
            login.ok_or_else(|| StoreError::unavailable("name a node of the Redis Cluster"))?;
        Ok(Self::Cluster(Box::new(Cluster::new(login, seeds))))
    }

    async fn send(
        &self,
        key: &[u8],
        trip: Trip,
        command: &Cmd,
        within: Duration,
    ) -> Result<Sent, StoreError> {
        match self {
            Self::One(link) => link.send(trip, command, within).await,
            Self::Cluster(cluster) => cluster.send(key, trip, command, within).await,
        }
    }

    /// Runs a script on one key. If the server does not know the script, its text is sent.
    pub(super) async fn run(
        &self,
        call: Call<'_>,
        arguments: &[&[u8]],
    ) -> Result<Answer, StoreError> {
        let now = call
            .now
            .map_or_else(String::new, |now| millis(now).to_string());
        let command = |verb: &str, script: &str| {
            let mut command = redis::cmd(verb);
            command.arg(script).arg(1).arg(call.key).arg(&now);
            for argument in arguments {
                command.arg(*argument);
            }
            command
        };
        let begun = Instant::now();
        let known = command("EVALSHA", call.script.hash());
        let sent = match self.send(call.key, call.trip, &known, call.within).await? {
            Sent::NoScript => {
                let text = command("EVAL", call.script.text());
                let left = call.within.saturating_sub(begun.elapsed());
                self.send(call.key, call.trip, &text, left).await?
            }
            sent => sent,
        };
        let value = answered(sent)?;
        let answer: Answer = from_redis_value_ref(&value).map_err(StoreError::corrupt)?;
        match answer.first().map(Vec::as_slice) {
            Some(b"corrupt") => Err(StoreError::corrupt("its fields make no sense")),
            Some(b"newer") => Err(StoreError::unavailable(
                "a newer version of the crate wrote the row",
            )),
            _ => Ok(answer),
        }
    }

    /// Each server that has keys.
    pub(super) async fn each(&self, within: Duration) -> Result<Vec<Arc<Link>>, StoreError> {
        match self {
            Self::One(link) => Ok(vec![Arc::clone(link)]),
            Self::Cluster(cluster) => cluster.primaries(within).await,
        }
    }
}

/// One step through a server's keys that match the pattern. The next cursor is 0 after the last step.
pub(super) async fn scan(
    server: &Link,
    cursor: u64,
    pattern: &[u8],
    within: Duration,
) -> Result<(u64, Answer), StoreError> {
    let mut command = redis::cmd("SCAN");
    command.arg(cursor).arg("MATCH").arg(pattern);
    command.arg("COUNT").arg(500);
    let sent = server.send(Trip::Read, &command, within).await?;
    from_redis_value_ref(&answered(sent)?).map_err(StoreError::corrupt)
}

fn answered(sent: Sent) -> Result<redis::Value, StoreError> {
    match sent {
        Sent::Answer(value) => Ok(value),
        Sent::NoScript => Err(StoreError::unavailable("Redis does not run scripts")),
        Sent::Moved(_) | Sent::Ask(_) => Err(StoreError::unavailable(
            "this Redis is a node of a cluster: connect by `RedisStore::connect_cluster`",
        )),
    }
}
