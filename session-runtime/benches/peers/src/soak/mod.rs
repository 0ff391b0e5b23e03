//! A server that is treated badly, and whoever treats it so.

pub mod server;
pub mod traffic;
