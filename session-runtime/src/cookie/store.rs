//! The cookie store: from `Cookie` headers to a record and from a record to `Set-Cookie`.

mod codec;
mod seal;

use core::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{COOKIE, HeaderMap, HeaderValue};

#[cfg(feature = "store")]
use super::format::Format;
use super::format::{Header, Rules, Token, latest};
use super::formats::Formats;
use super::header::{Scanned, scan};
use super::keyring::Keyring;
use super::reach::Reach;
use super::set_cookie::{attributes, former, removal};
use crate::codec::SessionCodec;
use crate::config::CookieStoreConfig;
use crate::error::{ConfigError, Error, Reason, Refusal, Result};
use crate::record::{Record, Stamp};

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// Reads sessions from cookies and writes them, without a request or a framework.
///
/// [`SessionLayer`](crate::SessionLayer) does this for every request; use the store alone in other frameworks, tools
/// and tests. A clone shares the keys.
#[derive(Clone)]
pub struct CookieStore {
    settings: Arc<Settings>,
    /// The system's where there is none.
    clock: Option<Clock>,
}

struct Settings {
    formats: Formats,
    /// The cookie's own name, and behind it those of accepted cookies that have another.
    names: Vec<String>,
    #[cfg(feature = "store")]
    context: String,
    rules: Rules,
    max_size: usize,
    /// `; HttpOnly; ..`, without `Max-Age`.
    attributes: String,
    sends_max_age: bool,
    /// What makes the browser drop the cookie of each name.
    removals: Vec<HeaderValue>,
    reach: Reach,
    /// What makes it drop ours at the places where it used to be.
    former: Vec<HeaderValue>,
}

impl CookieStore {
    /// A store for this cookie.
    ///
    /// [`ConfigError`] with what to change where the configuration can't work.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    ///
    /// let bad = CookieStore::new(CookieStoreConfig::new("__Host-myapp", "too short"));
    /// assert!(bad.is_err()); // before the first visitor
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(config: CookieStoreConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let settings = Settings {
            formats: Formats::new(&config)?,
            rules: Rules {
                max_age: config.max_age_seconds(),
                absolute_max_age: config.absolute_max_age.map(|age| age.as_secs()),
                refresh_after: config.refresh_after.map(|age| age.as_secs()),
            },
            max_size: config.max_size,
            attributes: attributes(&config),
            sends_max_age: !config.max_age.is_zero(),
            removals: vec![removal(&config, &config.name)?],
            former: former(&config)?,
            reach: Reach::new(&config),
            #[cfg(feature = "store")]
            context: config.context,
            names: vec![config.name],
        };
        Ok(Self {
            settings: Arc::new(settings),
            clock: None,
        })
    }

    /// Takes the time from `clock` instead of the system, for tests.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// use std::time::{Duration, SystemTime};
    ///
    /// let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let set_cookie = store.seal(&store.new_record()?)?;
    /// let value = set_cookie.to_str()?.split(['=', ';']).nth(1).unwrap_or_default();
    ///
    /// let in_a_year = || SystemTime::now() + Duration::from_secs(365 * 86_400);
    /// let later = store.clone().with_clock(in_a_year);
    /// assert!(store.open_value(value.as_bytes()).is_ok());
    /// assert!(later.open_value(value.as_bytes()).is_err());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The record in the `Cookie` fields of a request.
    ///
    /// Several different values under the name: of those that verify, the latest issued where all are of one session.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let headers = http::HeaderMap::new(); // of a request
    /// match store.open(&headers) {
    ///     Ok(record) => println!("{:?}", record.get::<i64>("uid")?),
    ///     Err(refusal) => assert_eq!(refusal.as_str(), "missing"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(&self, headers: &HeaderMap) -> Result<Record, Refusal> {
        let fields = headers.get_all(COOKIE).iter();
        let found = self.scan(fields.map(HeaderValue::as_bytes))?;
        self.open_found(&found, self.now())
    }

    /// The record in one cookie value.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let refusal = store.open_value(b"no cookie of ours").err();
    /// assert_eq!(refusal.map(|refusal| refusal.as_str()), Some("malformed"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_value(&self, value: &[u8]) -> Result<Record, Refusal> {
        self.open_found(&Scanned::one(value), self.now())
    }

    /// The `Set-Cookie` value for the record, issued now.
    ///
    /// [`Error::TooLarge`] if it would exceed the configured `max_size`, [`Error::NotPrivate`] if a private key was
    /// put into it. The value is marked as sensitive.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let mut record = store.new_record()?;
    /// record.put("uid", 7)?;
    /// let set_cookie = store.seal(&record)?;
    /// assert!(set_cookie.to_str()?.starts_with("__Host-myapp="));
    /// # Ok(())
    /// # }
    /// ```
    pub fn seal(&self, record: &Record) -> Result<HeaderValue> {
        if let Some(key) = record.private_key().filter(|_| !self.is_encrypted()) {
            return Err(Error::NotPrivate { key });
        }
        self.seal_at(record, self.now(), self.settings.max_size)
    }

    /// The `Set-Cookie` value that makes the browser drop the cookie: the same attributes, in the past.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let set_cookie = store.remove();
    /// assert!(set_cookie.to_str()?.contains("Max-Age=0"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn remove(&self) -> HeaderValue {
        self.settings.removals[0].clone()
    }

    /// An empty record with a new id, born now.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let record = store.new_record()?;
    /// assert!(record.keys().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_record(&self) -> Result<Record> {
        let now = self.now();
        Ok(Record::empty(self.new_stamp(now)?, now))
    }

    /// The keys, to replace them while serving.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = SecretKeys::generate()?;
    /// let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", key))?;
    /// let keyring = store.keyring(); // where your configuration is loaded again
    /// keyring.replace(SecretKeys::generate()?)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        self.formats().keyring.clone()
    }

    /// Whether visitors can't read the cookie.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.formats().own.is_encrypted()
    }

    /// What the keys are bound to besides the name.
    #[cfg(feature = "store")]
    pub(crate) fn context(&self) -> &str {
        &self.settings.context
    }

    /// Whether a cookie without a payload can be written.
    #[cfg(feature = "store")]
    pub(crate) fn can_be_bare(&self) -> bool {
        matches!(self.formats().own, Format::V1(_))
    }

    pub(super) fn formats(&self) -> &Formats {
        &self.settings.formats
    }

    fn scan<'h>(&self, fields: impl Iterator<Item = &'h [u8]>) -> Result<Scanned<'h>, Refusal> {
        scan(fields, &self.settings.names)
    }

    fn open_found(&self, found: &Scanned<'_>, now: u64) -> Result<Record, Refusal> {
        let token = self.verify(found, now)?;
        let mut header = token.header;
        let stamp = |header: &Header| Stamp {
            outdated: token.outdated,
            has_id: token.has_id,
            ..self.stamp(header, now)
        };
        let mut opened = Record::parse(stamp(&header), token.bytes, token.payload, now);
        if let Ok(record) = &mut opened {
            record.kept = token.kept;
            let chosen = record.lifetime().seconds();
            if let Some(chosen) = chosen.filter(|chosen| *chosen < header.ttl) {
                header.ttl = chosen;
                self.settings.rules.check_times(&header, now)?;
                record.stamp = stamp(&header);
            }
        }
        opened
    }

    /// The token in the store's own format, else in the first accepted one that has a good one.
    fn verify(&self, found: &Scanned<'_>, now: u64) -> Result<Token, Refusal> {
        let Formats { own, accepted, .. } = self.formats();
        let rules = &self.settings.rules;
        let mut opened = found
            .under(0)
            .and_then(|values| latest(values, |value| own.open(value, rules, now)));
        for accepted in accepted {
            let refusal = match opened {
                Err(refusal) if !refusal.is(Reason::Duplicate) => refusal,
                opened => return opened,
            };
            let values = found.under(accepted.name);
            opened = match values.and_then(|values| accepted.open(values, rules, now)) {
                Err(other) if !other.is(Reason::Duplicate) => Err(refusal.or(other)),
                opened => opened,
            };
        }
        opened
    }

    fn stamp(&self, header: &Header, now: u64) -> Stamp {
        let rules = &self.settings.rules;
        Stamp {
            sid: header.id,
            id: header.id,
            born: header.born,
            issued_at: header.issued_at,
            lifetime: rules.lifetime(header),
            expires_at: rules.expires_at(header),
            due_at: rules.due_at(header),
            outdated: false,
            ahead: Rules::is_ahead(header, now),
            longest: u64::MAX,
            has_id: true,
        }
    }
}

impl Settings {
    /// Reads cookies of this name too; `accepted` has the next place among the names.
    #[cfg(test)]
    fn accept(&mut self, name: &str, accepted: super::format::Accepted) {
        let own = self.removals[0].to_str().expect("text");
        let removal = own.replacen(&self.names[0], name, 1);
        self.removals.push(removal.parse().expect("a header"));
        self.names.push(name.to_owned());
        self.formats.accepted.push(accepted);
    }
}

impl TryFrom<CookieStoreConfig> for CookieStore {
    type Error = ConfigError;

    fn try_from(config: CookieStoreConfig) -> Result<Self, ConfigError> {
        Self::new(config)
    }
}

impl fmt::Debug for CookieStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieStore")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
