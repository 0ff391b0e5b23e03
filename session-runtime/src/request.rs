//! The life of one request's session: opened with the request, closed at the response head. Knows no cookie bytes
//! but through [`Wire`].

mod current;
mod entry;
mod live;
#[cfg(all(test, session_loom))]
mod model;
mod retired;
mod store;
mod sync;
mod wire;

pub(crate) use current::current;
pub(crate) use entry::{Closing, Entry, Open, RequestKey};
pub(crate) use live::Live;
pub use store::RequestStore;
pub(crate) use store::Shared;
pub(crate) use wire::{Cookies, Wire};
