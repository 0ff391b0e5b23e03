//! From `Cookie` headers to records and back. Nothing here knows a request.

mod format;
mod formats;
mod header;
mod keyring;
mod set_cookie;
mod store;

pub use keyring::{KeyUsage, Keyring};
pub use store::CookieStore;
