//! Guides: what to do, in the order in which a service needs it.

#[cfg(feature = "store")]
#[doc = include_str!("guide/stores.md")]
pub mod stores {}
