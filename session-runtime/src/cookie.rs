//! The bytes on the wire: configuration and keys, the `Cookie` header, format v1. Nothing here knows a request.

mod base64url;
mod config;
#[cfg(feature = "gorilla")]
mod gorilla;
mod header;
mod keyring;
mod keys;
mod set_cookie;
mod store;
mod v1;

#[cfg(feature = "config")]
pub use config::ConfigLoader;
pub use config::CookieStoreConfig;
#[cfg(feature = "gorilla")]
pub use gorilla::GorillaKeys;
pub use keyring::{KeyUsage, Keyring};
pub use keys::SecretKeys;
pub use store::CookieStore;
