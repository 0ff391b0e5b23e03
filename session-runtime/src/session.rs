//! The session handle.

/// A session.
#[derive(Clone)]
pub struct Session(());
