//! Typed HTTP sessions.

mod data;
mod error;
mod key;
mod session;

pub use data::SessionData;
pub use error::{ConfigError, Error, MissingSession, Refusal, Result};
pub use key::{GetKey, Key, KeyInfo, KeyName, PutKey};
pub use session::Session;
