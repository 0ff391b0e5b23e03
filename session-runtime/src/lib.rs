//! Typed HTTP sessions.

mod cookie;
mod data;
mod error;
mod id;
mod key;
mod record;
mod session;

pub use ::cookie::SameSite;
pub use cookie::{CookieStore, CookieStoreConfig, SecretKeys};
pub use data::SessionData;
pub use error::{ConfigError, Error, MissingSession, Refusal, Result};
pub use id::{ParseIdError, SessionId};
pub use key::{GetKey, Key, KeyInfo, KeyName, PutKey};
pub use record::Record;
pub use session::Session;
