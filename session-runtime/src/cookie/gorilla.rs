//! The cookies of Go's `gorilla/sessions`, read and written as that package does.

mod config;
mod gob;
mod keys;
mod securecookie;
mod store;

#[cfg(test)]
mod tests;

pub(super) use config::GorillaConfig;
pub use keys::GorillaKeys;
pub(super) use store::{Accepted, GorillaStore};
