//! The life of one request's session: opened with the request, closed at the response head. Knows no cookie bytes
//! but through [`SessionCodec`](crate::codec::SessionCodec).

mod answer;
mod commit;
mod counts;
mod current;
mod entry;
#[cfg(feature = "dev")]
mod journal;
mod loaded;
mod loading;
#[cfg(all(test, session_loom))]
mod model;
#[cfg(feature = "dev")]
mod note;
mod open;
mod outcome;
#[cfg(feature = "dev")]
mod peek;
mod retired;
#[cfg(feature = "store")]
mod row;
mod saves;
mod shared;
mod store;
#[cfg(feature = "store")]
mod stored;
mod warnings;

pub(crate) use answer::Awaiting;
pub use counts::Counts;
pub(crate) use current::current;
pub(crate) use entry::{Closing, Entry, RequestKey};
#[cfg(feature = "dev")]
pub(crate) use journal::{Became, Noted, Shown};
pub(crate) use loaded::Loaded;
#[cfg(feature = "store")]
pub(crate) use open::Ended;
pub(crate) use open::Open;
pub(crate) use outcome::Outcome;
#[cfg(feature = "dev")]
pub(crate) use peek::Peeked;
pub(crate) use shared::Shared;
#[cfg(feature = "store")]
pub(crate) use shared::Stored;
pub use store::RequestStore;
#[cfg(feature = "store")]
pub(crate) use stored::{Saved, Saving, Step, Unsaved, names};
