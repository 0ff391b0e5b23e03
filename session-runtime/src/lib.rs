//! Typed HTTP sessions.

#[cfg(feature = "axum")]
mod axum;
mod context;
mod cookie;
mod data;
mod error;
mod id;
mod key;
mod log;
mod middleware;
#[doc(hidden)]
pub mod private;
mod record;
mod request;
mod revocation;
mod session;

pub use ::cookie::SameSite;
pub use context::{RequestContext, del, get, put};
pub use cookie::{CookieStore, CookieStoreConfig, KeyUsage, Keyring, SecretKeys};
pub use data::SessionData;
pub use error::{ConfigError, Error, MissingSession, Refusal, Result};
pub use id::{ParseIdError, SessionId};
pub use key::{GetKey, Key, KeyInfo, KeyName, PutKey};
pub use middleware::{ResponseFuture, SavePolicy, SessionLayer, SessionService};
pub use record::Record;
pub use request::RequestStore;
pub use revocation::{Revocation, RevocationList, Verdict};
pub use session::Session;
#[cfg(feature = "derive")]
pub use session_macros::SessionData;
