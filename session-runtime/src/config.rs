//! The configuration of a session cookie.

mod check;
mod field;
#[cfg(feature = "gorilla")]
mod gorilla;
#[cfg(feature = "config")]
mod loading;
mod place;
mod secret;

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

use cookie::SameSite;

use crate::limits::MAX_COOKIE;
#[cfg(feature = "gorilla")]
use gorilla::GorillaConfig;
#[cfg(feature = "gorilla")]
pub use gorilla::GorillaKeys;
#[cfg(feature = "gorilla")]
pub(crate) use gorilla::KeyPair;
#[cfg(feature = "config")]
pub use loading::ConfigLoader;
pub use place::Place;
pub use secret::SecretKeys;
pub(crate) use secret::same_id;

const DAY: Duration = Duration::from_secs(86_400);

/// How a session's cookie is named, signed, scoped and limited.
///
/// The defaults are safe: `Secure`, `HttpOnly`, `SameSite=Lax`, the path `/`, 30 days since the last issue, and 90 days
/// since the start or the last `renew`.
///
/// ```
/// use session_runtime::{CookieStoreConfig, SecretKeys};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = SecretKeys::generate()?; // in a service: `SecretKeys::from_env("SESSION_KEY")?`
/// let config = CookieStoreConfig::new("__Host-myapp", key);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an attribute of its own"
)]
pub struct CookieStoreConfig {
    /// The cookie's name, a token of RFC 9110. The prefix `__Host-` makes browsers enforce `secure`, the path `/` and
    /// no domain.
    pub name: String,
    /// The secret keys; the first signs, all verify.
    pub key: SecretKeys,
    /// The domain whose subdomains get the cookie too; `None`, the default: this host alone.
    pub domain: Option<String>,
    /// The path below which the cookie is sent, `/` by default.
    pub path: String,
    /// How long a session lives after its cookie was last issued. If the session is used, a cookie that is older than
    /// [`refresh_after`](field@Self::refresh_after) is issued again. That is half of this time by default.
    ///
    /// With 30 minutes and the default, a session always survives a pause of up to 15 minutes, and never one of 30. In
    /// between it depends on the time of issue, which may be 15 minutes before the last request.
    ///
    /// In whole seconds, 30 days by default. At zero the cookie has no `Max-Age`, so the browser drops it when it
    /// closes. Everywhere else, zero counts as 86,400 s.
    pub max_age: Duration,
    /// The age at which the cookie of a used session is issued again, with a full lifetime. `None`, the default: half
    /// of the lifetime.
    ///
    /// In whole seconds. One minute makes "30 minutes idle" exact: a visitor who was active 29 minutes ago is still
    /// signed in. More than half of the lifetime counts as half. Zero issues the cookie at each request that uses the
    /// session.
    pub refresh_after: Option<Duration>,
    /// How long a session lives at most after its start or last `renew`, 90 days by default. `None`: no limit.
    pub absolute_max_age: Option<Duration>,
    /// Whether scripts in the page can't read the cookie, true by default.
    pub http_only: bool,
    /// Whether browsers send the cookie over https only, true by default.
    pub secure: bool,
    /// Which requests from other sites carry the cookie, `Lax` by default.
    pub same_site: SameSite,
    /// Whether the cookie is kept apart for every top-level site (CHIPS), false by default.
    pub partitioned: bool,
    /// Whether the cookie is encrypted, not only signed; false by default.
    pub encrypted: bool,
    /// Until when signed cookies are still read, while a service changes from signed to encrypted cookies. `None`, the
    /// default: never. A used signed cookie is replaced by an encrypted one. Without `encrypted` this field is an
    /// error.
    pub accept_signed_until: Option<SystemTime>,
    /// What the keys are bound to besides the name, such as `staging`; empty by default. A cookie of another context is
    /// refused, even with the same key.
    pub context: String,
    /// The most bytes of name and value together. The default is 4096, the most that browsers keep.
    pub max_size: usize,
    /// Where earlier versions of the service set this cookie; [`formerly`](Self::formerly()) adds a place.
    pub formerly: Vec<Place>,
    #[cfg(feature = "gorilla")]
    pub(crate) gorilla: GorillaConfig,
}

impl CookieStoreConfig {
    /// The defaults with this name and these keys.
    #[must_use]
    pub fn new(name: impl Into<String>, key: impl Into<SecretKeys>) -> Self {
        Self {
            name: name.into(),
            key: key.into(),
            domain: None,
            path: "/".to_owned(),
            max_age: 30 * DAY,
            refresh_after: None,
            absolute_max_age: Some(90 * DAY),
            http_only: true,
            secure: true,
            same_site: SameSite::Lax,
            partitioned: false,
            encrypted: false,
            accept_signed_until: None,
            context: String::new(),
            max_size: MAX_COOKIE,
            formerly: Vec::new(),
            #[cfg(feature = "gorilla")]
            gorilla: GorillaConfig::default(),
        }
    }

    /// Sets [`name`](Self::name).
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets [`key`](Self::key).
    #[must_use]
    pub fn with_key(mut self, key: impl Into<SecretKeys>) -> Self {
        self.set_key(key.into());
        self
    }

    /// Sets [`domain`](Self::domain).
    #[must_use]
    pub fn with_domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Sets [`path`](Self::path).
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Sets [`max_age`](Self::max_age).
    #[must_use]
    pub fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sets [`refresh_after`](field@Self::refresh_after).
    #[must_use]
    pub fn with_refresh_after(mut self, age: impl Into<Option<Duration>>) -> Self {
        self.refresh_after = age.into();
        self
    }

    /// Sets [`absolute_max_age`](Self::absolute_max_age).
    #[must_use]
    pub fn with_absolute_max_age(mut self, age: impl Into<Option<Duration>>) -> Self {
        self.absolute_max_age = age.into();
        self
    }

    /// Sets [`http_only`](Self::http_only).
    #[must_use]
    pub fn with_http_only(mut self, http_only: bool) -> Self {
        self.http_only = http_only;
        self
    }

    /// Sets [`secure`](Self::secure).
    #[must_use]
    pub fn with_secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Sets [`same_site`](Self::same_site).
    #[must_use]
    pub fn with_same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        self
    }

    /// Sets [`partitioned`](Self::partitioned).
    #[must_use]
    pub fn with_partitioned(mut self, partitioned: bool) -> Self {
        self.partitioned = partitioned;
        self
    }

    /// Sets [`encrypted`](Self::encrypted).
    #[must_use]
    pub fn with_encrypted(mut self, encrypted: bool) -> Self {
        self.encrypted = encrypted;
        self
    }

    /// Sets [`accept_signed_until`](Self::accept_signed_until).
    #[must_use]
    pub fn accept_signed_until(mut self, until: SystemTime) -> Self {
        self.accept_signed_until = Some(until);
        self
    }

    /// Sets [`context`](Self::context).
    #[must_use]
    pub fn with_context(mut self, context: impl Into<String>) -> Self {
        self.context = context.into();
        self
    }

    /// Sets [`max_size`](Self::max_size).
    #[must_use]
    pub fn with_max_size(mut self, bytes: usize) -> Self {
        self.max_size = bytes;
        self
    }

    /// Adds a place where earlier versions of the service set this cookie, so that it is removed there.
    ///
    /// Use it after a change of the cookie's domain, path or `partitioned`. Browsers keep the old cookie beside the new
    /// one and send both, so a sign-out would remove only one of them.
    ///
    /// ```
    /// use session_runtime::{CookieStoreConfig, Place, SecretKeys};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // It was set for this host alone, and for a while below /app.
    /// let config = CookieStoreConfig::new("session", SecretKeys::generate()?)
    ///     .with_domain("example.org")
    ///     .formerly(Place::new())
    ///     .formerly(Place::new().path("/app"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn formerly(mut self, place: Place) -> Self {
        self.formerly.push(place);
        self
    }

    /// Where the cookie is set now.
    fn place(&self) -> Place {
        Place {
            domain: self.domain.clone(),
            path: self.path.clone(),
            partitioned: self.partitioned,
        }
    }

    fn set_key(&mut self, key: SecretKeys) {
        self.key = key;
        #[cfg(feature = "gorilla")]
        self.gorilla.forget_key();
    }

    fn lacks_key(&self) -> bool {
        #[cfg(feature = "gorilla")]
        if self.gorilla.has_key() {
            return false;
        }
        self.key.is_blank()
    }

    /// `max_age` in seconds. It is a day if no `Max-Age` is sent.
    pub(crate) fn max_age_seconds(&self) -> u64 {
        match self.max_age.as_secs() {
            0 => DAY.as_secs(),
            seconds => seconds,
        }
    }
}

impl fmt::Debug for CookieStoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieStoreConfig")
            .field("name", &self.name)
            .field("key", &self.key)
            .field("domain", &self.domain)
            .field("path", &self.path)
            .field("max_age", &self.max_age)
            .field("refresh_after", &self.refresh_after)
            .field("absolute_max_age", &self.absolute_max_age)
            .field("http_only", &self.http_only)
            .field("secure", &self.secure)
            .field("same_site", &self.same_site)
            .field("partitioned", &self.partitioned)
            .field("encrypted", &self.encrypted)
            .field("accept_signed_until", &self.accept_signed_until)
            .field("context", &self.context)
            .field("max_size", &self.max_size)
            .field("formerly", &self.formerly)
            .finish_non_exhaustive()
    }
}
