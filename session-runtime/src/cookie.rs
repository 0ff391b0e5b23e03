//! From `Cookie` headers to records and back. Nothing here knows a request.

mod format;
mod header;
mod keyring;
mod set_cookie;
mod store;

#[cfg(feature = "gorilla")]
pub(crate) use format::gorilla::{BlockKey, Codec};
pub(crate) use format::v1::{MAX_TTL, MAX_VALUE, Mode};
pub use keyring::{KeyUsage, Keyring};
pub use store::CookieStore;
#[cfg(feature = "config")]
pub(crate) use store::check_keys;
