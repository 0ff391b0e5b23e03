//! What goes to a store and what comes back.

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

use super::id::{OwnerId, StoreId, WriteId};

/// What a store keeps of one session. Engines keep the bytes as they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The id of the write that made it.
    pub version: WriteId,
    /// What the session holds, plain or sealed; opaque to the store.
    pub payload: Vec<u8>,
    /// Whose session it is, where that is known. Indexed.
    pub owner: Option<OwnerId>,
    /// How its owner tells it from others, at most 200 bytes.
    pub label: Option<String>,
    /// When the session began or was last renewed, by the application's clock.
    pub born: SystemTime,
    /// When it was last saved or touched, by the application's clock.
    pub seen_at: SystemTime,
    /// When it ends, by the application's clock. A store keeps the row for a day longer.
    pub expires_at: SystemTime,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("version", &self.version)
            .field("payload", &format_args!("{} bytes", self.payload.len()))
            .field("owner", &self.owner)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What is known under an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// A session.
    Row(Row),
    /// A session that was renewed less than 60 seconds ago, as it was then: to be read, and to be renewed again.
    Retired(Row),
    /// The session ended less than two minutes ago.
    Ended(Ended),
    /// Nothing.
    Absent,
}

/// What is known of a session that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub ending: Ending,
    /// The ids that it got by `replace` within the last 60 seconds.
    pub successors: Vec<StoreId>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It goes on under another id.
    Renewed,
    /// It was signed out or revoked.
    Destroyed,
}

/// A row for a new session.
#[derive(Clone, Debug)]
pub struct Create {
    /// The id of the session.
    pub id: StoreId,
    /// The row.
    pub row: Row,
    /// When the request began, by the application's clock.
    pub begin: SystemTime,
}

/// What became of a [`Create`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// The row is there.
    Done,
    /// Another row has the id, or it is known as ended.
    Taken,
    /// The owner's sessions were ended after the request began.
    Refused,
}

/// A new row for a session that is there.
#[derive(Clone, Debug)]
pub struct Save {
    /// The id of the session.
    pub id: StoreId,
    /// The version of the row that this one is made of.
    pub expected: WriteId,
    /// The owner that this row is filed under.
    pub filed: Option<OwnerId>,
    /// The new row.
    pub row: Row,
    /// Whether the end moves to [`Row::expires_at`]; else the store leaves it alone.
    pub moves_end: bool,
    /// When the request began, by the application's clock.
    pub begin: SystemTime,
}

/// What became of a [`Save`] or a [`Replace`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The row is there.
    Done,
    /// Another write was first: the row as it is now.
    Conflict(Row),
    /// The session ended.
    Gone,
    /// The owner's sessions were ended after the request began.
    Refused,
}

/// A row under a new id, in place of an old one.
#[derive(Clone, Debug)]
pub struct Replace {
    /// The id that the session had.
    pub old: StoreId,
    /// The version of the row that this one is made of.
    pub expected: WriteId,
    /// Whether the old row is retired, instead of ended at once.
    pub keeps_old: bool,
    /// The id that it gets.
    pub new: StoreId,
    /// The new row.
    pub row: Row,
    /// The version that an earlier attempt, which met a conflict, may have left under the new id.
    pub earlier: Option<WriteId>,
    /// When the request began, by the application's clock.
    pub begin: SystemTime,
}

/// A later end for a row.
#[derive(Clone, Debug)]
pub struct Touch {
    /// The id of the session.
    pub id: StoreId,
    /// The version that was loaded.
    pub expected: WriteId,
    /// When the session was used, by the application's clock.
    pub seen_at: SystemTime,
    /// When it ends, by the application's clock.
    pub expires_at: SystemTime,
}

/// What became of a [`Touch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// The end is there, or a later one.
    Done,
    /// Another write was first: the next request will touch it.
    MovedOn,
    /// The session ended.
    Gone,
}

/// What became of a `destroy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// Whether there was a session to be ended, or a retired one.
    pub was_there: bool,
    /// The ids that the session got by `replace` within the last 60 seconds.
    pub successors: Vec<StoreId>,
}

/// Which sessions are listed.
#[derive(Clone, Debug)]
pub struct List {
    /// Whose.
    pub owner: OwnerId,
    /// Those that end after this time of the application.
    pub now: SystemTime,
    /// The newest, at most so many.
    pub limit: usize,
}

/// One session of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: StoreId,
    /// [`Row::label`].
    pub label: Option<String>,
    /// [`Row::born`].
    pub born: SystemTime,
    /// [`Row::seen_at`].
    pub seen_at: SystemTime,
    /// [`Row::expires_at`].
    pub expires_at: SystemTime,
}

/// A notice of the feed that tells other servers what was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The id of the write that publishes it.
    pub write: WriteId,
    /// What was revoked.
    pub subject: Subject,
    /// How long it is kept.
    pub keep_for: Duration,
}

/// What a [`Notice`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One session.
    Id(StoreId),
    /// The sessions of an owner that had begun.
    Owner {
        /// Whose.
        owner: OwnerId,
        /// Those that are not revoked.
        except: Vec<StoreId>,
    },
}

/// A part of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notices {
    /// The engine's time of this reading. Read on from a minute before it: a notice may be seen later than its time.
    pub read_at: SystemTime,
    /// The notices with the engine's times, in any order.
    pub notices: Vec<(SystemTime, Notice)>,
}
