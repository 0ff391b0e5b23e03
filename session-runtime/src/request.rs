//! The life of one request's session: opened with the request, closed at the response head. Knows no cookie bytes
//! but through [`SessionCodec`](crate::codec::SessionCodec).

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
mod open;
mod outcome;
#[cfg(feature = "dev")]
mod peek;
mod retired;
mod saves;
mod store;
#[cfg(feature = "store")]
mod stored;
mod sync;
mod warnings;

pub use counts::Counts;
pub(crate) use current::current;
pub(crate) use entry::{Closing, Entry, RequestKey};
#[cfg(feature = "dev")]
pub(crate) use journal::{Became, Noted, Shown};
pub(crate) use loaded::Loaded;
pub(crate) use loading::Awaiting;
#[cfg(feature = "store")]
pub(crate) use open::Ended;
pub(crate) use open::Open;
pub(crate) use outcome::Outcome;
#[cfg(feature = "dev")]
pub(crate) use peek::Peeked;
pub use store::RequestStore;
pub(crate) use store::Shared;
#[cfg(feature = "store")]
pub(crate) use stored::{Saved, Saving, Step, Stored, Unsaved, names};
