//! The life of one request's session: opened with the request, closed at the response head. Knows no cookie bytes
//! but through [`Wire`](crate::codec::Wire).

mod current;
mod entry;
mod loaded;
#[cfg(all(test, session_loom))]
mod model;
mod retired;
mod store;
mod sync;

pub(crate) use current::current;
pub(crate) use entry::{Closing, Entry, Open, RequestKey};
pub(crate) use loaded::Live;
pub use store::RequestStore;
pub(crate) use store::Shared;
