//! The store in Redis.

mod address;
mod answers;
mod cluster;
mod encoding;
mod index;
mod link;
mod replace;
mod scripts;
mod sentinel;
mod server;
mod slot;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use answers::{Answer, as_pattern, loaded, millis, moment, saved, unknown};
use link::{Link, Trip};
use scripts::Script;
use server::{Call, Servers, scan};

use super::{
    Create, Created, Destroyed, List, Listed, Loaded, Notice, Notices, OwnerId, Replace, Row, Save,
    Saved, SessionStore, StoreError, StoreId, Touch, Touched,
};

/// How long a trip waits for its answer, unless the store says otherwise.
const TRIP: Duration = Duration::from_millis(500);

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// Sessions in Redis, in one server or a cluster (tested with 7.0). A clone is the same store.
///
/// Each step is one script on one key and uses the server's clock. The server must not evict keys. A failover may lose
/// acknowledged writes, since Redis replicates after it answers.
///
/// ```no_run
/// use session_runtime::store::{RedisStore, StoreError};
///
/// # async fn open() -> Result<(), StoreError> {
/// let store = RedisStore::connect("redis://10.0.0.1/").await?.with_prefix("shop:");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    servers: Arc<Servers>,
    prefix: Arc<str>,
    timeout: Duration,
    clock: Option<Clock>,
}

impl RedisStore {
    /// Connects to the server of this URL: `redis://user:password@host:port/database`, or `rediss://..` for TLS
    /// (feature `tls`). The certificate must be for that host, from a CA that the system trusts. The environment
    /// variable `SSL_CERT_FILE` names other CAs.
    ///
    /// [`StoreError::Unavailable`] if the URL can't be read or the server does not answer within 500 ms.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connected(Servers::one(url)?).await
    }

    /// Connects to a Redis Cluster. Each URL names a node, which knows the other nodes. The user and password of the
    /// first URL are used for all nodes.
    ///
    /// The store follows a key that moves to another node. While a node is gone, its sessions are unavailable until a
    /// replica takes its place. Other sessions are not affected.
    ///
    /// [`StoreError::Unavailable`] if a URL can't be read or no node answers within 500 ms.
    ///
    /// ```no_run
    /// use session_runtime::store::{RedisStore, StoreError};
    ///
    /// # async fn open() -> Result<(), StoreError> {
    /// let nodes = ["redis://10.0.0.1/", "redis://10.0.0.2/", "redis://10.0.0.3/"];
    /// let store = RedisStore::connect_cluster(nodes).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect_cluster(
        urls: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Self, StoreError> {
        Self::connected(Servers::cluster(urls)?).await
    }

    /// Connects to the primary that Redis Sentinel watches. `primary` is a URL whose host is the Sentinels' name for
    /// the primary. Its user, password and database are the primary's. Each URL in `sentinels` names one Sentinel.
    ///
    /// The store asks the Sentinels for each new connection. So it continues with a replica that has taken the
    /// primary's place.
    ///
    /// [`StoreError::Unavailable`] if a URL can't be read, or if no Sentinel or no primary answers within 500 ms.
    ///
    /// ```no_run
    /// use session_runtime::store::{RedisStore, StoreError};
    ///
    /// # async fn open() -> Result<(), StoreError> {
    /// let sentinels = ["redis://10.0.0.1:26379/", "redis://10.0.0.2:26379/", "redis://10.0.0.3:26379/"];
    /// let store = RedisStore::connect_sentinel("redis://:password@mymaster/", sentinels).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect_sentinel(
        primary: &str,
        sentinels: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Self, StoreError> {
        Self::connected(Servers::sentinel(primary, sentinels)?).await
    }

    async fn connected(servers: Servers) -> Result<Self, StoreError> {
        let store = Self {
            servers: Arc::new(servers),
            prefix: Arc::from("session:"),
            timeout: TRIP,
            clock: None,
        };
        store.published(Some(SystemTime::now())).await?;
        Ok(store)
    }

    /// Sets the prefix of all keys, for applications that share a server; `session:` by default. Braces in it are left
    /// out.
    #[must_use]
    pub fn with_prefix(self, prefix: &str) -> Self {
        let prefix = prefix.replace(['{', '}'], "");
        Self {
            prefix: Arc::from(prefix),
            ..self
        }
    }

    /// Sets how long a call waits for an answer; 500 ms by default.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Takes the time from `clock` instead of the server, for tests.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self {
            clock: Some(Arc::new(clock)),
            ..self
        }
    }

    fn key(&self, kind: char, id: &[u8]) -> Vec<u8> {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        let hex = id
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        let hex: String = hex.collect();
        format!("{}{kind}{{{hex}}}", self.prefix).into_bytes()
    }

    fn row_key(&self, id: &StoreId) -> Vec<u8> {
        self.key('s', id.as_bytes())
    }

    fn owner_key(&self, owner: &OwnerId) -> Vec<u8> {
        self.key('o', owner.as_bytes())
    }

    fn feed_key(&self) -> Vec<u8> {
        format!("{}feed", self.prefix).into_bytes()
    }

    async fn run(
        &self,
        script: &'static Script,
        key: &[u8],
        trip: Trip,
        arguments: &[&[u8]],
    ) -> Result<Answer, StoreError> {
        let call = Call {
            script,
            key,
            trip,
            within: self.timeout,
            now: self.clock.as_ref().map(|clock| clock()),
        };
        self.servers.run(call, arguments).await
    }

    /// Runs a script that writes under this id. The row comes first in its arguments.
    async fn put(
        &self,
        script: &'static Script,
        id: &StoreId,
        row: &Row,
        others: &[&[u8]],
    ) -> Result<Answer, StoreError> {
        let fields = encoding::fields(row);
        let mut arguments: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        arguments.extend(others);
        self.run(script, &self.row_key(id), Trip::Write, &arguments)
            .await
    }

    async fn load_row(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        let answer = self
            .run(&scripts::LOAD, &self.row_key(id), Trip::Read, &[])
            .await?;
        loaded(&answer)
    }

    async fn end(&self, id: &StoreId, whose: &[&[u8]; 2]) -> Result<Destroyed, StoreError> {
        let answer = self
            .run(&scripts::DESTROY, &self.row_key(id), Trip::Write, whose)
            .await?;
        match answer.as_slice() {
            [_, was_there, successors] => Ok(Destroyed {
                was_there: was_there == b"1",
                successors: encoding::ids(successors)?,
            }),
            _ => Err(unknown()),
        }
    }

    /// Sweeps the owners' indexes of one server whose keys match `pattern`. Returns the number of removed sessions.
    async fn sweep_server(&self, server: &Link, pattern: &[u8]) -> Result<u64, StoreError> {
        let (mut cursor, mut removed) = (0, 0);
        loop {
            let (next, keys) = scan(server, cursor, pattern, self.timeout).await?;
            for key in keys {
                removed += self.sweep_owner(&key).await?;
            }
            cursor = next;
            if cursor == 0 {
                return Ok(removed);
            }
        }
    }

    /// Enters the id in the owner's index. Returns whether the owner's sessions were ended after the request began.
    async fn is_refused(
        &self,
        owner: Option<&OwnerId>,
        begin: SystemTime,
        (id, other): (&StoreId, &StoreId),
    ) -> Result<bool, StoreError> {
        let Some(owner) = owner else { return Ok(false) };
        let begin = millis(begin).to_string();
        let arguments: [&[u8]; 3] = [begin.as_bytes(), id.as_bytes(), other.as_bytes()];
        let key = self.owner_key(owner);
        let answer = self
            .run(&scripts::ENTER, &key, Trip::Write, &arguments)
            .await?;
        Ok(answer.first().is_some_and(|word| word == b"refused"))
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl SessionStore for RedisStore {
    async fn load(&self, id: &StoreId) -> Result<Loaded, StoreError> {
        self.load_row(id).await
    }

    async fn create(&self, create: &Create) -> Result<Created, StoreError> {
        let (owner, ids) = (create.row.owner.as_ref(), (&create.id, &create.id));
        if self.is_refused(owner, create.begin, ids).await? {
            return Ok(match self.load_row(&create.id).await? {
                Loaded::Absent => Created::Refused,
                Loaded::Row(row) if row.version == create.row.version => Created::Done,
                _ => Created::Taken,
            });
        }
        let answer = self
            .put(&scripts::CREATE, &create.id, &create.row, &[])
            .await?;
        match answer.first().map(Vec::as_slice) {
            Some(b"done") => Ok(Created::Done),
            Some(b"taken") => Ok(Created::Taken),
            _ => Err(unknown()),
        }
    }

    async fn save(&self, save: &Save) -> Result<Saved, StoreError> {
        let owner = save.row.owner.as_ref();
        if owner != save.filed.as_ref()
            && self
                .is_refused(owner, save.begin, (&save.id, &save.id))
                .await?
        {
            return Ok(match self.load_row(&save.id).await? {
                Loaded::Row(row) if row.version == save.row.version => Saved::Done,
                Loaded::Row(row) if row.version == save.expected => Saved::Refused,
                Loaded::Row(row) => Saved::Conflict(row),
                _ => Saved::Gone,
            });
        }
        let moves_end: &[u8] = if save.moves_end { b"1" } else { b"0" };
        let others: [&[u8]; 2] = [save.expected.as_bytes(), moves_end];
        saved(
            &self
                .put(&scripts::SAVE, &save.id, &save.row, &others)
                .await?,
        )
    }

    async fn replace(&self, replace: &Replace) -> Result<Saved, StoreError> {
        // A dropped caller must not leave a replacement half done.
        let (store, replace) = (self.clone(), replace.clone());
        let whole = tokio::spawn(async move { store.replace_all(&replace).await });
        whole.await.map_err(StoreError::in_doubt)?
    }

    async fn touch(&self, touch: &Touch) -> Result<Touched, StoreError> {
        let seen_at = encoding::seconds_text(touch.seen_at);
        let expires_at = encoding::seconds_text(touch.expires_at);
        let arguments: [&[u8]; 3] = [touch.expected.as_bytes(), &seen_at, &expires_at];
        let key = self.row_key(&touch.id);
        let answer = self
            .run(&scripts::TOUCH, &key, Trip::Write, &arguments)
            .await?;
        match answer.first().map(Vec::as_slice) {
            Some(b"done") => Ok(Touched::Done),
            Some(b"moved") => Ok(Touched::MovedOn),
            Some(b"gone") => Ok(Touched::Gone),
            _ => Err(unknown()),
        }
    }

    async fn destroy(&self, id: &StoreId) -> Result<Destroyed, StoreError> {
        self.end(id, &[b"", b""]).await
    }

    async fn list(&self, list: &List) -> Result<Vec<Listed>, StoreError> {
        self.list_of(list).await
    }

    async fn destroy_owner(&self, owner: &OwnerId, except: &[StoreId]) -> Result<u64, StoreError> {
        let (store, owner, except) = (self.clone(), *owner, except.to_vec());
        let whole = tokio::spawn(async move { store.end_all(&owner, &except).await });
        whole.await.map_err(StoreError::in_doubt)?
    }

    async fn publish(&self, notice: &Notice) -> Result<(), StoreError> {
        let notice = encoding::notice_bytes(notice);
        let key = self.feed_key();
        self.run(&scripts::PUBLISH, &key, Trip::Write, &[&notice])
            .await?;
        Ok(())
    }

    async fn published(&self, since: Option<SystemTime>) -> Result<Notices, StoreError> {
        let since = since.map_or(0, millis).to_string();
        let key = self.feed_key();
        let answer = self
            .run(&scripts::PUBLISHED, &key, Trip::Read, &[since.as_bytes()])
            .await?;
        let (now, rest) = answer.split_first().ok_or_else(unknown)?;
        let read_at = moment(now)?;
        let mut notices = Vec::new();
        for pair in rest.chunks_exact(2) {
            let (notice, at) = (encoding::notice(&pair[0])?, moment(&pair[1])?);
            let is_over = |until| until <= read_at;
            if !at.checked_add(notice.keep_for).is_some_and(is_over) {
                notices.push((at, notice));
            }
        }
        Ok(Notices { read_at, notices })
    }

    async fn sweep(&self) -> Result<u64, StoreError> {
        let pattern = format!("{}o{{*", as_pattern(&self.prefix)).into_bytes();
        let mut removed = 0;
        for server in self.servers.each(self.timeout).await? {
            removed += self.sweep_server(&server, &pattern).await?;
        }
        let (key, mut kept) = (self.feed_key(), b"0".to_vec());
        loop {
            let answer = self
                .run(&scripts::FORGET, &key, Trip::Write, &[&kept])
                .await?;
            match answer.as_slice() {
                [next, word] if word == b"more" => kept.clone_from(next),
                _ => return Ok(removed),
            }
        }
    }
}
