//! The formats of cookies.

#[cfg(feature = "gorilla")]
pub(crate) mod gorilla;
pub(crate) mod v1;
