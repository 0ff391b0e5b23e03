//! The message of each error: what is wrong, where, and what to do.

use core::fmt;

use super::Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key, .. } => write!(f, "cannot find value for: '{key}'"),
            Self::Type { key, source } => {
                write!(
                    f,
                    "the value stored under '{key}' has another type: {source}"
                )
            }
            Self::TooLarge {
                key,
                size,
                limit,
                largest,
            } => {
                write!(
                    f,
                    "'{key}' makes it {size} bytes, over the limit of {limit}; largest:"
                )?;
                for (i, (name, bytes)) in largest.iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma} '{name}' {bytes}")?;
                }
                Ok(())
            }
            Self::TooDeep { key } => write!(
                f,
                "the value for '{key}' is nested deeper than 127 levels and would not decode again"
            ),
            Self::RequestEnded => f.write_str(
                "the request has ended: use the session before the response head is sent, \
                 or take `record()` for what outlives it",
            ),
            Self::Destroyed => f.write_str(
                "the session was destroyed earlier in this request: `restart` begins a new one, with a message for example",
            ),
            Self::ReservedKey { key } => {
                write!(
                    f,
                    "'{key}' is reserved: choose a name that does not begin with '~'"
                )
            }
            Self::NotPrivate { key } => write!(
                f,
                "'{key}' is private and this cookie is only signed, so the visitor could read it: \
                 set `encrypted` in its configuration"
            ),
            Self::Encode { key, source } => {
                write!(f, "the value for '{key}' can't be encoded: {source}")
            }
            Self::Contended { key } => write!(
                f,
                "'{key}' changed under every attempt to update it: does the closure write the same key?"
            ),
            Self::Lifetime { asked, limit } => write!(
                f,
                "a lifetime of {asked:?}: choose whole seconds from 1 s to {limit:?}, the configured `max_age`, or raise it"
            ),
            Self::LayerConflict { cookie } => write!(
                f,
                "two session layers with different settings serve the cookie '{cookie}' around this handler: \
                 use clones of one layer, or give the inner one a cookie name of its own"
            ),
            Self::Unavailable => f.write_str("the session can't be checked at the moment"),
            Self::Random => {
                f.write_str("the operating system gave no random bytes for a session id")
            }
            Self::MissingSession(missing) => missing.fmt(f),
            Self::NoStore => f.write_str(
                "this commits at once, which a session in a cookie can't: give the layer a store \
                 (`SessionLayer::with_store`)",
            ),
            Self::NotLoaded => f.write_str(
                "the session was not loaded yet: extract it, or await `Session::load()` before",
            ),
            Self::NotOwner { key } => write!(
                f,
                "'{key}' does not say whose session it is: mark its field `#[session(owner)]` and give the struct \
                 to `with_data`"
            ),
            #[cfg(feature = "store")]
            Self::NoFeed => f.write_str(
                "this session's layer does not ask this feed: give it to the layer (`SessionLayer::with_revocation`)",
            ),
            Self::Gone => {
                f.write_str("the session was signed out or renewed while this request was running")
            }
        }
    }
}
