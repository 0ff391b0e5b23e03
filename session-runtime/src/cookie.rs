//! The bytes on the wire: configuration and keys, the `Cookie` header, format v1. Nothing here knows a request.

mod config;
mod header;
mod keyring;
mod keys;
mod store;
mod v1;

pub use config::CookieStoreConfig;
pub use keyring::{KeyUsage, Keyring};
pub use keys::SecretKeys;
pub use store::CookieStore;
