//! What the derive implements, and the checks that compare several structs before anything runs.

use crate::key::KeyInfo;
use crate::session::Session;

/// A struct that describes what a session holds. Implemented by `#[derive(SessionData)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe session data",
    label = "add `#[derive(SessionData)]` to this struct",
    note = "the derive and the trait share the name `session_runtime::SessionData`"
)]
pub trait SessionData {
    /// The typed view of a session: `AccountHandle` for `Account`.
    type Handle: From<Session>;
    /// Every key of the struct, in the order of its fields.
    const KEYS: &'static [KeyInfo];
    /// FNV-1a 64 over the names, types as written and options of the keys: another number means that sessions
    /// written by other versions of the program may read differently.
    const FINGERPRINT: u64;
    /// The most bytes that the struct's keys can add to the payload, where every field has a bound: their
    /// `"key":value` pairs with commas and deadline entries.
    const MAX_ENCODED: Option<usize>;
}
