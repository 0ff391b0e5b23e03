//! The derive macro of `session-runtime`, which re-exports it; depend on that crate.
