//! The cookie store: from `Cookie` headers to a record and from a record to `Set-Cookie`.

use core::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{COOKIE, HeaderMap, HeaderValue};

#[cfg(feature = "gorilla")]
use super::format::gorilla::{Accepted, GorillaStore};
use super::format::v1::{self, Header, Mode, Rules, Token};
use super::header::scan;
use super::keyring::Keyring;
use super::set_cookie::{attributes, removal};
use crate::config::CookieStoreConfig;
use crate::error::{ConfigError, Error, Reason, Refusal, Result};
use crate::id::SessionId;
use crate::record::{Record, Stamp};
use crate::time::seconds;

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// Reads sessions from cookies and writes them, without a request or a framework.
///
/// [`SessionLayer`](crate::SessionLayer) does this for every request; use the store alone in other frameworks, tools
/// and tests. A clone shares the keys.
#[derive(Clone)]
pub struct CookieStore {
    shared: Arc<Shared>,
    keyring: Keyring,
    /// The system's where there is none.
    clock: Option<Clock>,
}

struct Shared {
    name: String,
    rules: Rules,
    max_size: usize,
    /// `; HttpOnly; ..` and, last, `; Max-Age=` where the configuration has one.
    attributes: String,
    sends_max_age: bool,
    removal: HeaderValue,
    /// The cookie is in Go's format; there are no keys of ours then.
    #[cfg(feature = "gorilla")]
    gorilla: Option<GorillaStore>,
    #[cfg(feature = "gorilla")]
    accepted: Option<Accepted>,
}

impl CookieStore {
    /// A store for this cookie.
    ///
    /// [`ConfigError`] with what to change where the configuration can't work.
    pub fn new(config: CookieStoreConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let keyring = keyring(&config)?;
        let shared = Shared {
            rules: Rules {
                mode: config.mode().unwrap_or(Mode::Signed),
                signed_until: config.accept_signed_until.map_or(0, seconds),
                max_age: config.max_age_seconds(),
                absolute_max_age: config.absolute_max_age.map(|age| age.as_secs()),
            },
            max_size: config.max_size,
            attributes: attributes(&config),
            sends_max_age: !config.max_age.is_zero(),
            removal: removal(&config)?,
            #[cfg(feature = "gorilla")]
            gorilla: GorillaStore::new(&config)?,
            #[cfg(feature = "gorilla")]
            accepted: Accepted::new(&config)?,
            name: config.name,
        };
        Ok(Self {
            shared: Arc::new(shared),
            keyring,
            clock: None,
        })
    }

    /// Takes the time from `clock` instead of the system, for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The record in the `Cookie` fields of a request.
    ///
    /// Several different values under the name: of those that verify, the latest issued where all are of one session.
    pub fn open(&self, headers: &HeaderMap) -> Result<Record, Refusal> {
        let fields = headers.get_all(COOKIE).iter();
        self.open_at(fields.map(HeaderValue::as_bytes), self.now())
    }

    /// The record in one cookie value.
    pub fn open_value(&self, value: &[u8]) -> Result<Record, Refusal> {
        let now = self.now();
        self.record(self.verify(&[value], now)?, now)
    }

    /// How many of Go's cookies were opened where
    /// [`accept_gorilla`](CookieStoreConfig::accept_gorilla) says to: when it stays at zero, none are left.
    #[cfg(feature = "gorilla")]
    #[must_use]
    pub fn gorilla_opened(&self) -> u64 {
        self.shared.accepted.as_ref().map_or(0, Accepted::opened)
    }

    /// The `Set-Cookie` value for the record, issued now.
    ///
    /// [`Error::TooLarge`] if it would exceed the configured `max_size`, [`Error::NotPrivate`] if a private key was
    /// put into it. The value is marked as sensitive.
    pub fn seal(&self, record: &Record) -> Result<HeaderValue> {
        if let Some(key) = record.private_key().filter(|_| !self.is_encrypted()) {
            return Err(Error::NotPrivate { key });
        }
        self.seal_at(record, self.now(), self.max_size())
    }

    /// The `Set-Cookie` value that makes the browser drop the cookie: the same attributes, in the past.
    #[must_use]
    pub fn remove(&self) -> HeaderValue {
        self.shared.removal.clone()
    }

    /// An empty record with a new id, born now.
    pub fn new_record(&self) -> Result<Record> {
        self.new_record_at(self.now())
    }

    /// The keys, to replace them while serving.
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        self.keyring.clone()
    }

    pub(crate) fn now(&self) -> u64 {
        let now = self
            .clock
            .as_ref()
            .map_or_else(SystemTime::now, |clock| clock());
        seconds(now)
    }

    /// Whether the time comes from the user.
    pub(crate) fn has_clock(&self) -> bool {
        self.clock.is_some()
    }

    pub(crate) fn name(&self) -> &str {
        &self.shared.name
    }

    /// Whether visitors can't read the cookie.
    pub(crate) fn is_encrypted(&self) -> bool {
        #[cfg(feature = "gorilla")]
        if let Some(gorilla) = &self.shared.gorilla {
            return gorilla.is_encrypted();
        }
        self.shared.rules.mode != Mode::Signed
    }

    pub(crate) fn max_size(&self) -> usize {
        self.shared.max_size
    }

    pub(crate) fn new_record_at(&self, now: u64) -> Result<Record> {
        Ok(Record::empty(self.new_stamp(now)?, now))
    }

    /// A new id and birth.
    pub(crate) fn new_stamp(&self, now: u64) -> Result<Stamp> {
        let header = Header {
            id: SessionId::random()?,
            born: now,
            issued_at: now,
            ttl: self.ttl(now, now),
        };
        let stamp = self.stamp(&header, false);
        #[cfg(feature = "gorilla")]
        let stamp = Stamp {
            has_id: !self.is_gorilla() || self.shared.rules.absolute_max_age.is_some(),
            ..stamp
        };
        Ok(stamp)
    }

    pub(crate) fn open_at<'h>(
        &self,
        fields: impl Iterator<Item = &'h [u8]>,
        now: u64,
    ) -> Result<Record, Refusal> {
        let values = scan(fields, self.shared.name.as_bytes())?;
        self.record(self.verify(values.as_slice(), now)?, now)
    }

    /// Name and value of the cookie that [`CookieStore::seal_at`] makes, in bytes.
    #[cfg_attr(
        not(feature = "gorilla"),
        expect(
            clippy::unnecessary_wraps,
            reason = "a value may have no form in Go's format"
        )
    )]
    pub(crate) fn size(&self, record: &Record, now: u64) -> Result<usize> {
        #[cfg(feature = "gorilla")]
        if let Some(gorilla) = &self.shared.gorilla {
            return Ok(self.shared.name.len() + gorilla.seal(record, now)?.len());
        }
        Ok(self.shared.name.len() + self.shared.rules.mode.value_len(record.payload_len(now)))
    }

    /// The `Set-Cookie` value, or [`Error::TooLarge`] where name and value have more bytes than `limit`.
    pub(crate) fn seal_at(&self, record: &Record, now: u64, limit: usize) -> Result<HeaderValue> {
        let born = record.stamp.born;
        let header = Header {
            id: record.stamp.id,
            born,
            issued_at: now.max(born),
            ttl: self.ttl(born, now),
        };
        #[cfg(feature = "gorilla")]
        if let Some(gorilla) = &self.shared.gorilla {
            let value = gorilla.seal(record, header.issued_at)?;
            self.check_size(record, value.len(), limit)?;
            return self.set_cookie(value.len(), header.ttl, |text| {
                text.extend_from_slice(value.as_bytes());
                Ok(())
            });
        }
        let mode = self.shared.rules.mode;
        let payload_len = record.payload_len(now);
        let len = mode.value_len(payload_len);
        self.check_size(record, len, limit)?;
        self.set_cookie(len, header.ttl, |text| {
            let keys = self.keyring.keys();
            let key = keys.first();
            let key = key.expect("a ring whose format is ours is never without keys");
            let write = |payload: &mut Vec<u8>| record.write(now, payload);
            v1::seal(key, mode, &header, (payload_len, write), text)
        })
    }

    fn check_size(&self, record: &Record, value_len: usize, limit: usize) -> Result<()> {
        let size = self.shared.name.len() + value_len;
        if size <= limit {
            return Ok(());
        }
        let largest = record.largest();
        match largest.first() {
            Some((key, _)) => Err(Error::TooLarge {
                key: key.clone(),
                size,
                limit,
                largest,
            }),
            None => Ok(()),
        }
    }

    /// The header around a value of this length, which `append` writes.
    fn set_cookie(
        &self,
        value_len: usize,
        ttl: u64,
        append: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<HeaderValue> {
        let shared = &self.shared;
        let mut digits = itoa::Buffer::new();
        let ttl = if shared.sends_max_age {
            digits.format(ttl)
        } else {
            ""
        };
        // Just what it takes: `HeaderValue` then takes the text as it is.
        let len = shared.name.len() + "=".len() + value_len + shared.attributes.len() + ttl.len();
        let mut text = Vec::with_capacity(len);
        text.extend_from_slice(shared.name.as_bytes());
        text.push(b'=');
        append(&mut text)?;
        text.extend_from_slice(shared.attributes.as_bytes());
        text.extend_from_slice(ttl.as_bytes());
        let header = HeaderValue::try_from(text);
        let mut header = header.expect("name and attributes were checked, and a value is base64");
        header.set_sensitive(true);
        Ok(header)
    }

    fn verify(&self, values: &[&[u8]], now: u64) -> Result<Token, Refusal> {
        #[cfg(feature = "gorilla")]
        if let Some(gorilla) = &self.shared.gorilla {
            let opened = latest(values, |value| gorilla.open(value, &self.shared.rules, now));
            return or_else(opened, || {
                let token = self.verify_own(values, now)?;
                Ok(Token {
                    outdated: true,
                    ..token
                })
            });
        }
        let opened = self.verify_own(values, now);
        #[cfg(feature = "gorilla")]
        if let Some(accepted) = &self.shared.accepted {
            let rules = &self.shared.rules;
            return or_else(opened, || {
                latest(values, |value| accepted.open(value, rules, now))
            });
        }
        opened
    }

    fn verify_own(&self, values: &[&[u8]], now: u64) -> Result<Token, Refusal> {
        let keys = self.keyring.keys();
        let rules = &self.shared.rules;
        latest(values, |value| v1::open(value, &keys, rules, now))
    }

    fn record(&self, token: Token, now: u64) -> Result<Record, Refusal> {
        let mut stamp = self.stamp(&token.header, token.outdated);
        stamp.has_id = token.has_id;
        let record = Record::parse(stamp, token.bytes, token.payload, now)?;
        #[cfg(feature = "gorilla")]
        if self.is_gorilla() {
            return Ok(record.keeping_rest());
        }
        Ok(record)
    }

    #[cfg(feature = "gorilla")]
    fn is_gorilla(&self) -> bool {
        self.shared.gorilla.is_some()
    }

    fn stamp(&self, header: &Header, outdated: bool) -> Stamp {
        let rules = &self.shared.rules;
        Stamp {
            id: header.id,
            born: header.born,
            issued_at: header.issued_at,
            lifetime: rules.lifetime(header),
            expires_at: rules.expires_at(header),
            outdated,
            has_id: true,
        }
    }

    /// min(`max_age`, what is left of `absolute_max_age`), at least a second: the format knows no shorter life.
    fn ttl(&self, born: u64, now: u64) -> u64 {
        let rules = &self.shared.rules;
        let left = rules
            .absolute_max_age
            .map(|age| born.saturating_add(age).saturating_sub(now));
        left.unwrap_or(rules.max_age).min(rules.max_age).max(1)
    }
}

/// What another format makes of cookies that one can't read; where neither can, the first one's reason.
#[cfg(feature = "gorilla")]
fn or_else(
    opened: Result<Token, Refusal>,
    other: impl FnOnce() -> Result<Token, Refusal>,
) -> Result<Token, Refusal> {
    let duplicate = |refusal: &Refusal| refusal.is(Reason::Duplicate);
    match opened {
        Err(refusal) if !duplicate(&refusal) => match other() {
            Err(other) if !duplicate(&other) => Err(refusal),
            other => other,
        },
        opened => opened,
    }
}

/// Whether the configured key can sign.
#[cfg(feature = "config")]
pub(crate) fn check_keys(config: &CookieStoreConfig) -> Result<(), ConfigError> {
    #[cfg(feature = "gorilla")]
    GorillaStore::new(config)?;
    keyring(config).map(drop)
}

fn keyring(config: &CookieStoreConfig) -> Result<Keyring, ConfigError> {
    #[cfg(feature = "gorilla")]
    if config.is_gorilla() {
        return match &config.gorilla.next {
            Some(key) => Keyring::new(&config.name, &config.context, key),
            None => Ok(Keyring::without_keys()),
        };
    }
    Keyring::new(&config.name, &config.context, &config.key)
}

/// The latest issued of those that verify, if all are of one session; else why the first does not.
fn latest(
    values: &[&[u8]],
    verify: impl Fn(&[u8]) -> Result<Token, Refusal>,
) -> Result<Token, Refusal> {
    if let [value] = values {
        return verify(value);
    }
    let mut first_refusal = None;
    let mut latest: Option<Token> = None;
    for value in values {
        match (verify(value), &latest) {
            (Err(refusal), _) => {
                first_refusal.get_or_insert(refusal);
            }
            (Ok(token), Some(other)) if token.header.id != other.header.id => {
                return Err(Reason::Duplicate.into());
            }
            (Ok(token), Some(other)) if token.header.issued_at <= other.header.issued_at => {}
            (Ok(token), _) => latest = Some(token),
        }
    }
    latest.ok_or(first_refusal.unwrap_or(Reason::Missing.into()))
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
            .field("name", &self.shared.name)
            .finish_non_exhaustive()
    }
}
