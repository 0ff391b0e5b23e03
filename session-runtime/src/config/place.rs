//! Where a browser keeps a cookie.

/// A place where earlier versions of a service set the cookie, for
/// [`CookieStoreConfig::formerly`](crate::CookieStoreConfig::formerly).
///
/// Browsers distinguish cookies of one name by domain, path and partition. A cookie that was set at another place stays
/// beside the new cookie. Browsers send both, until the old one expires or is removed at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The domain. `None`, the default: only the host that set the cookie.
    pub domain: Option<String>,
    /// The path, `/` by default.
    pub path: String,
    /// Whether the cookie was kept apart for every top-level site (CHIPS), false by default.
    pub partitioned: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            domain: None,
            path: "/".to_owned(),
            partitioned: false,
        }
    }
}

impl Place {
    /// The place where the default configuration sets the cookie: only this host, the path `/`, not partitioned.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the [`domain`](field@Self::domain).
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Sets the [`path`](field@Self::path).
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Sets [`partitioned`](field@Self::partitioned).
    #[must_use]
    pub fn partitioned(mut self, partitioned: bool) -> Self {
        self.partitioned = partitioned;
        self
    }

    /// Whether both are the same place for a browser. Browsers ignore the domain's case and a dot in front of it.
    pub(super) fn is_at(&self, other: &Self) -> bool {
        fn as_kept(domain: &str) -> String {
            domain.trim_start_matches('.').to_ascii_lowercase()
        }
        self.domain.as_deref().map(as_kept) == other.domain.as_deref().map(as_kept)
            && self.path == other.path
            && self.partitioned == other.partitioned
    }
}
