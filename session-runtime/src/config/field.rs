//! The fields of a configuration.

/// A field of [`CookieStoreConfig`](crate::CookieStoreConfig).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "config"),
    expect(dead_code, reason = "only loading asks")
)]
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
