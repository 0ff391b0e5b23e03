//! What browsers keep, the least that a cookie takes, and how wrong a clock may be.

/// The most bytes of a cookie's name and value together (RFC 6265bis, 5.6).
pub(crate) const MAX_COOKIE: usize = 4096;
/// The longest lifetime in seconds, 400 days: browsers keep no cookie longer (RFC 6265bis, 5.5).
pub(crate) const MAX_LIFETIME: u64 = 34_560_000;
/// The bytes of a value that holds the empty session; format v1 asserts both.
pub(crate) const EMPTY_SIGNED: usize = 91;
pub(crate) const EMPTY_ENCRYPTED: usize = 86;
/// How far ahead of ours the clock that made a cookie may be, in seconds: one that was wrong for a while, or ours was.
pub(crate) const MAX_AHEAD: u64 = 86_400;
