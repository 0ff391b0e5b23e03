//! Sentinels, which know the current primary.

use core::time::Duration;

use redis::{Client, ConnectionInfo};
use tokio::time::timeout;

use super::address::{Address, client_at};
use crate::store::StoreError;

/// How long a call waits for one Sentinel's answer.
const ASKED: Duration = Duration::from_millis(250);

pub(super) struct Sentinels {
    /// The clients of the Sentinels. Any of them can answer.
    pub(super) clients: Vec<Client>,
    /// The Sentinels' name for the primary.
    pub(super) name: String,
    /// How to log in to the primary.
    pub(super) login: ConnectionInfo,
}

impl Sentinels {
    /// The primary that the first answering Sentinel names.
    pub(super) async fn primary(&self) -> Result<Client, StoreError> {
        let mut last = "no Sentinel answers".to_owned();
        for client in &self.clients {
            match timeout(ASKED, self.ask(client)).await {
                Ok(Ok(Some(address))) => return client_at(&self.login, &address),
                Ok(Ok(None)) => last = format!("no Sentinel knows a primary `{}`", self.name),
                Ok(Err(error)) => last = error.to_string(),
                Err(_) => {}
            }
        }
        Err(StoreError::unavailable(last))
    }

    async fn ask(&self, client: &Client) -> redis::RedisResult<Option<Address>> {
        let mut connection = client.get_multiplexed_async_connection().await?;
        let mut command = redis::cmd("SENTINEL");
        command.arg("GET-MASTER-ADDR-BY-NAME").arg(&self.name);
        let answer: Option<(String, u16)> = command.query_async(&mut connection).await?;
        Ok(answer.map(|(host, port)| Address { host, port }))
    }
}
