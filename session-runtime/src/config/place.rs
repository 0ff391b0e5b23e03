//! Where a browser keeps a cookie.

/// A place where earlier versions of a service set the cookie, for
/// [`CookieStoreConfig::formerly`](crate::CookieStoreConfig::formerly).
///
/// Browsers tell cookies of one name apart by domain, path and partition. One that was set at another place stays
/// beside the new one, and is sent with it, until it ends or is removed there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The domain; `None`, the default: the host that set the cookie alone.
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
    /// This host alone, the path `/`, not partitioned: where the defaults set the cookie.
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

    /// Whether it is one place to a browser, which passes over a dot in front of the domain and over its case.
    pub(super) fn is_at(&self, other: &Self) -> bool {
        fn as_kept(domain: &str) -> String {
            domain.trim_start_matches('.').to_ascii_lowercase()
        }
        self.domain.as_deref().map(as_kept) == other.domain.as_deref().map(as_kept)
            && self.path == other.path
            && self.partitioned == other.partitioned
    }
}
