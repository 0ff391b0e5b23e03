//! From `Cookie` headers to records and back. Nothing here knows a request.

mod envelope;
mod format;
mod formats;
#[cfg(feature = "gorilla")]
mod gorilla;
mod header;
mod keyring;
mod reach;
mod set_cookie;
mod store;

pub use envelope::{CookieFormat, Envelope};
pub use keyring::{KeyUsage, Keyring};
pub use store::CookieStore;
