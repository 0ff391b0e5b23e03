//! The fields of a configuration.

/// A field of [`CookieStoreConfig`](crate::CookieStoreConfig).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Key,
    Domain,
    Path,
    MaxAge,
    RefreshAfter,
    AbsoluteMaxAge,
    HttpOnly,
    Secure,
    SameSite,
    Partitioned,
    Encrypted,
    AcceptSignedUntil,
    Context,
    MaxSize,
    Formerly,
}
