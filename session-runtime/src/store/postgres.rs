//! The store in PostgreSQL: for services of many servers.
//!
//! The protocol is in functions that `migrate` makes. So each operation is one trip: the client sends one statement,
//! and the engine makes all decisions that need a lock.

mod address;
mod connection;
mod migration;
mod operations;
mod statement;
#[cfg(feature = "tls")]
mod tls;
mod transport;
mod values;

use core::fmt;
use core::time::Duration;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use address::Address;
use connection::{Failure, Opener};
use deadpool::managed::{Object, Pool, PoolError};
use statement::{Statement, Table};
use tokio::time::{Instant, timeout_at};
use tokio_postgres::Row as SqlRow;
use tokio_postgres::types::ToSql;
use transport::Transport;

use super::StoreError;

/// How long a call waits for its answer, unless the store says otherwise.
const TRIP: Duration = Duration::from_millis(500);
/// As [`TRIP`], for `migrate`. It is longer, since a start may take longer.
const MIGRATION: Duration = Duration::from_secs(20);
/// Connections of one store, unless it says otherwise.
const POOL: usize = 16;
/// How often a statement runs if it conflicts with other transactions.
const ATTEMPTS: usize = 4;

/// Sessions in PostgreSQL (tested with 15), for any number of servers. A clone is the same store.
///
/// Each operation is one trip. The first use of a statement on a new connection prepares it, which takes another trip.
/// One call takes at most 500 ms ([`PostgresStore::with_timeout`]). The wait for a connection takes at most two fifths
/// of this time. The engine cancels a statement after two fifths, so that a statement that waits for a lock is not in
/// doubt. The next call replaces a failed connection.
///
/// Acknowledged writes survive a failover if the primary has a synchronous standby (`synchronous_standby_names`, and
/// `synchronous_commit` not `off`). Otherwise the last writes may be lost with the primary.
///
/// ```no_run
/// use session_runtime::store::{PostgresStore, StoreError};
///
/// # async fn open() -> Result<(), StoreError> {
/// let url = "postgres://app@db1,db2/app?target_session_attrs=read-write";
/// let store = PostgresStore::connect(url).await?.with_pool_size(8);
/// store.migrate().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    settings: Arc<Settings>,
    engine: Arc<OnceLock<Engine>>,
}

#[derive(Clone)]
struct Settings {
    address: Address,
    table: Table,
    timeout: Duration,
    pool_size: usize,
    prepares: bool,
    #[cfg(feature = "tls")]
    roots: Option<Arc<tokio_rustls::rustls::RootCertStore>>,
    clock: Option<Clock>,
}

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The connection pool that the first call makes from the settings.
struct Engine {
    pool: Pool<Opener>,
    sql: Vec<String>,
}

impl PostgresStore {
    /// A store at this address; the first call connects.
    ///
    /// The URL has the form of libpq: `postgres://user:password@host:port,other:port/database?key=value&..`, with
    /// `target_session_attrs`, `options`, `connect_timeout` (where it is shorter than the store's), `keepalives` and
    /// `sslmode`. With several hosts, the one that worked last is asked first.
    ///
    /// `sslmode` is `disable`, `prefer` (the default: TLS if both sides support it), `require`, `verify-ca` or
    /// `verify-full`. The last three need the feature `tls`. As in libpq, only `verify-ca` and `verify-full` check the
    /// certificate, and `require` checks it if roots were given. Use `verify-full` over networks that are not yours.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the URL can't be read or needs a feature that this build does not have.
    #[allow(clippy::unused_async)] // As for the other stores. It may connect in a later version.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Ok(Self::new(Settings {
            address: Address::parse(url)?,
            table: Table::default(),
            timeout: TRIP,
            pool_size: POOL,
            prepares: true,
            #[cfg(feature = "tls")]
            roots: None,
            clock: None,
        }))
    }

    fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            engine: Arc::default(),
        }
    }

    fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::clone(&self.settings);
        change(&mut settings);
        Self::new(settings)
    }

    /// Works with pgbouncer in transaction mode: uses no prepared statements, and sends no options at the start of a
    /// connection.
    ///
    /// Give the pool's role a `statement_timeout` of 200 ms, since the store can't set it in this mode.
    #[must_use]
    pub fn with_pgbouncer(self) -> Self {
        self.with(|settings| settings.prepares = false)
    }

    /// Sets the most connections, at least one; 16 by default.
    #[must_use]
    pub fn with_pool_size(self, connections: usize) -> Self {
        self.with(|settings| settings.pool_size = connections.max(1))
    }

    /// Sets how long a call waits for an answer; 500 ms by default. Two fifths of it must be enough to open a
    /// connection: about five round trips, and as many again for each silent host.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.timeout = timeout)
    }

    /// Keeps the sessions in this table instead of `session`. The name is `table` or `schema.table`. The names of the
    /// other tables and the functions begin with it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if a name is not 1 to 40 lower-case letters, digits and `_`.
    pub fn with_table(self, table: &str) -> Result<Self, StoreError> {
        let table = Table::parse(table)?;
        Ok(self.with(|settings| settings.table = table))
    }

    /// Trusts the certificates in this PEM text, and no others.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the text has no certificate, or one that can't be read.
    #[cfg(feature = "tls")]
    pub fn with_roots(self, pem: &[u8]) -> Result<Self, StoreError> {
        let roots = Arc::new(tls::roots(pem)?);
        Ok(self.with(|settings| settings.roots = Some(roots)))
    }

    /// Takes the time from `clock` instead of the engine, for tests.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.clock = Some(Arc::new(clock)))
    }

    /// Makes the tables and functions that do not exist yet. Several servers may do it at once.
    ///
    /// The role needs the right to create in the schema only while the tables do not exist.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if that fails, or if a newer version of the crate made the tables.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migration::migrate(&self.opener(MIGRATION)?, &self.settings.table).await
    }

    fn opener(&self, trip: Duration) -> Result<Opener, StoreError> {
        let settings = &self.settings;
        let times = Times::of(trip);
        let hosts = settings.address.hosts(times, settings.prepares);
        let transport = settings.transport()?;
        Ok(Opener::new(hosts, transport, times.wait))
    }

    fn engine(&self) -> Result<&Engine, StoreError> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let pool =
            Pool::builder(self.opener(self.settings.timeout)?).max_size(self.settings.pool_size);
        let pool = pool.build().map_err(StoreError::unavailable)?;
        let sql = Statement::ALL.map(|statement| self.settings.table.fill(statement.sql()));
        let sql = sql.to_vec();
        Ok(self.engine.get_or_init(|| Engine { pool, sql }))
    }

    /// Runs the statement, and repeats it after a conflict with another transaction.
    async fn call(
        &self,
        statement: Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<SqlRow>, StoreError> {
        let begun = Instant::now();
        let engine = self.engine()?;
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(engine, statement, values, begun).await {
                Ok(rows) => return Ok(rows),
                Err(failure) => failure,
            };
            if !failure.is_conflict || attempt == ATTEMPTS {
                return Err(failure.error);
            }
            attempt += 1;
        }
    }

    async fn attempt(
        &self,
        engine: &Engine,
        statement: Statement,
        values: &[&(dyn ToSql + Sync)],
        begun: Instant,
    ) -> Result<Vec<SqlRow>, Failure> {
        let sql = &engine.sql[statement as usize];
        let times = Times::of(self.settings.timeout);
        let until = begun + times.trip;
        let mut connection = match timeout_at(begun + times.wait, engine.pool.get()).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(PoolError::Backend(error))) => return Err(Failure::unreached(error)),
            Ok(Err(error)) => return Err(unreached(error)),
            Err(_) => return Err(unreached("no connection came free in time")),
        };
        let mut prepared = None;
        if self.settings.prepares {
            let preparing = timeout_at(until, connection.prepare(statement, sql)).await;
            prepared = match preparing.unwrap_or_else(|_| Err(silent(false))) {
                Ok(prepared) => Some(prepared),
                Err(failure) => return Err(engine.given_up(connection, failure)),
            };
        }
        // The engine must give up before this call does, else the write would be in doubt.
        let left = until.saturating_duration_since(Instant::now());
        if statement.writes() && left < times.statement {
            return Err(unreached("too little time was left for the statement"));
        }
        let running = connection.run(statement, prepared.as_ref(), sql, values);
        let answer = timeout_at(until, running).await;
        match answer.unwrap_or_else(|_| Err(silent(statement.writes()))) {
            Err(failure) => Err(engine.given_up(connection, failure)),
            answer => answer,
        }
    }
}

impl Engine {
    /// After a failure of a connection, all idle connections are dropped. The next call opens a new one.
    fn given_up(&self, connection: Object<Opener>, failure: Failure) -> Failure {
        if failure.breaks {
            drop(Object::take(connection));
            self.pool.retain(|_, _| false);
        }
        failure
    }
}

/// How long one call takes, and its parts.
#[derive(Clone, Copy)]
struct Times {
    trip: Duration,
    /// The time to get a free connection or to open one.
    wait: Duration,
    /// The time after which the engine cancels the statement.
    statement: Duration,
}

impl Times {
    fn of(trip: Duration) -> Self {
        Self {
            trip,
            wait: trip * 2 / 5,
            statement: trip * 2 / 5,
        }
    }
}

fn unreached(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::unreached(StoreError::unavailable(error))
}

fn silent(is_write: bool) -> Failure {
    const TEXT: &str = "PostgreSQL did not answer in time";
    Failure {
        error: if is_write {
            StoreError::in_doubt(TEXT)
        } else {
            StoreError::unavailable(TEXT)
        },
        breaks: true,
        is_conflict: false,
    }
}

impl Settings {
    #[cfg(not(feature = "tls"))]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self)]
    fn transport(&self) -> Result<Transport, StoreError> {
        Ok(Transport::Plain)
    }

    #[cfg(feature = "tls")]
    fn transport(&self) -> Result<Transport, StoreError> {
        let tls = tls::Tls::new(self.address.check, self.roots.clone())?;
        Ok(Transport::Tls(tls))
    }

    /// The time for tests. `None` stands for the engine's time.
    fn now(&self) -> Option<i64> {
        self.clock.as_ref().map(|clock| values::millis(clock()))
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("table", &self.settings.table)
            .finish_non_exhaustive()
    }
}
