//! Sessions in a store of the server: what a store must do, and the stores that do it.
//!
//! The cookie keeps the session's id and times alone; what the session holds is a row in a [`SessionStore`]. What is
//! kept of a request, and when it is loaded and saved, is not said here: that is the layer's.
//!
//! There is one protocol for every engine:
//! - The version of a row is the id of the write that made it, 128 random bits ([`WriteId`]). A counter would repeat
//!   after a failover, and could not tell a lost answer from another's write.
//! - Nothing creates a row but `create` and `replace`. No other operation brings back what was signed out.
//! - An id that ended stays known as ended for two minutes ([`Ended`]).
//!
//! [`RevocationFeed`] tells all servers which cookie sessions were revoked.
//!
//! [`MemoryStore`] is for tests and services of one process; `SqliteStore` (feature `sqlite`) for the processes of one
//! machine; `PostgresStore` (feature `postgres`) and `RedisStore` (feature `redis`) for services of many servers.

#[cfg(any(test, feature = "testing"))]
pub mod conformance;
mod erased;
mod error;
mod feed;
mod id;
mod loading;
mod log;
mod memory;
mod merge;
#[cfg(feature = "postgres")]
mod postgres;
mod protocol;
#[cfg(feature = "redis")]
mod redis;
mod rest;
mod row;
mod scope;
mod sessions;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stats;
mod vault;

pub(crate) use feed::{Asking, FeedCookie};
pub(crate) use merge::{Changes, merge};
pub(crate) use rest::Mode;
pub(crate) use vault::{Base, Committed, Contents, Found, NewId, Ours, Times, Vault, Way};

#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
pub use error::StoreError;
pub use feed::RevocationFeed;
pub use id::{OwnerId, ParseStoreIdError, StoreId, WriteId};
pub use loading::Loading;
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use row::{
    Create, Created, Destroyed, Ended, Ending, List, Listed, Loaded, Notice, Notices, Replace, Row,
    Save, Saved, Subject, Touch, Touched,
};
pub use sessions::{SessionInfo, Sessions};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use stats::Stats;

use std::time::SystemTime;

/// Where the rows of sessions are: an engine with the operations of one protocol.
///
/// Implementers write `async fn`. `session_runtime::store::conformance` (feature `testing`) is the suite that every
/// implementation must pass.
///
/// What holds for all operations:
/// - Each is atomic for one id. Where several ids or an owner are concerned, the operation says in which order.
/// - A future that is dropped has either done its work or will never do it in part.
/// - One trip to the engine ends within the store's own time-out: 500 ms, unless it says otherwise.
/// - A write whose answer was lost is [`StoreError::InDoubt`], and is not repeated by the store or its client: the
///   caller repeats it once with the same [`WriteId`]. A row that has this id already is [`Saved::Done`], and changes
///   no more.
/// - "Now" is the engine's clock. A time of the application is an argument.
/// - The times of a [`Row`] are whole seconds.
pub trait SessionStore: Send + Sync + 'static {
    /// What is known under this id.
    ///
    /// A row that can't be read is [`StoreError::Corrupt`] and stays for the operator. One that a newer program wrote
    /// is [`StoreError::Unavailable`].
    fn load(&self, id: &StoreId) -> impl Future<Output = Result<Loaded, StoreError>> + Send;

    /// Makes the row of a new session, unless anything is known under its id.
    ///
    /// A row with an owner is refused where its request began before the owner's sessions were ended, as
    /// [`SessionStore::destroy_owner`] says.
    fn create(&self, create: &Create) -> impl Future<Output = Result<Created, StoreError>> + Send;

    /// Replaces the row whose version is the expected one. Never makes a row.
    ///
    /// A row under a new owner is judged as by [`SessionStore::create`].
    fn save(&self, save: &Save) -> impl Future<Output = Result<Saved, StoreError>> + Send;

    /// Moves a session to a new id: the new row is made, and the old one ends as [`Ending::Renewed`] or, with
    /// [`Replace::keeps_old`], is retired.
    ///
    /// A retired row keeps its version and payload and can be loaded for 60 seconds, never saved or touched. It may be
    /// replaced again within that time, which does not lengthen it. A new row with an owner is judged as by
    /// [`SessionStore::create`], where the old id counts as well as the new one.
    ///
    /// An engine that can't do it in one step makes the new row first and ends the old one by its expected version. On
    /// [`Saved::Conflict`] the new row may stay: the caller comes again with [`Replace::earlier`], or destroys it. On
    /// [`Saved::Gone`] it is destroyed.
    fn replace(&self, replace: &Replace) -> impl Future<Output = Result<Saved, StoreError>> + Send;

    /// Moves the end of a row on, where its version is the expected one. Version and payload stay, and the end never
    /// moves back.
    fn touch(&self, touch: &Touch) -> impl Future<Output = Result<Touched, StoreError>> + Send;

    /// Ends the session of this id; the id is known as [`Ending::Destroyed`] from now on, whether there was a row or
    /// not.
    ///
    /// Answers the ids that the session got within the last 60 seconds, which the caller ends too; so does a
    /// repetition.
    fn destroy(&self, id: &StoreId) -> impl Future<Output = Result<Destroyed, StoreError>> + Send;

    /// The owner's sessions, newest birth first. Rows that were retired or have ended are none.
    fn list(&self, list: &List) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send;

    /// Ends the sessions of an owner but those of `except`, and those that requests are about to begin; how many were
    /// ended.
    ///
    /// First the owner's time of the last such call is set, with the ids that it spared, then the rows are ended. The
    /// time is kept for a day. Until two seconds after that time, a request that begins puts no row under a new id or a
    /// new owner: its write is [`Saved::Refused`], unless its old or new id was spared.
    fn destroy_owner(
        &self,
        owner: &OwnerId,
        except: &[StoreId],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Adds a notice to the feed, at the engine's time. A notice of the same [`Notice::write`] is added once.
    fn publish(&self, notice: &Notice) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The notices from this time of the engine on, or all.
    fn published(
        &self,
        since: Option<SystemTime>,
    ) -> impl Future<Output = Result<Notices, StoreError>> + Send;

    /// Removes what is over: rows a day after their end, what is known of ended ids, owners' times and notices; how
    /// many rows of sessions were removed. In small steps, so that it hinders nobody.
    fn sweep(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;
}
