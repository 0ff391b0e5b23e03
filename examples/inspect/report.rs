//! What is known of each cookie.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use session_runtime::{
    ConfigError, CookieFormat, CookieStore, CookieStoreConfig, Envelope, GorillaKeys, KeyDetails,
    Record, Refusal,
};

use crate::arguments::{Arguments, Keys, Limit};
use crate::input::Cookie;

/// The most bytes of name and value that browsers keep.
pub(crate) const LIMIT: usize = 4096;

pub(crate) struct Report<'c> {
    pub(crate) cookie: &'c Cookie,
    pub(crate) envelope: Option<Envelope>,
    pub(crate) verdict: Result<Record, Refusal>,
    /// Whether the layer uses this one, where several of its name came.
    pub(crate) choice: Option<Result<bool, Refusal>>,
    /// The ids of the keys that were tried; Go's have none.
    pub(crate) key_ids: Vec<String>,
    pub(crate) now: SystemTime,
    /// The end that the configuration and the cookie's word give, of one that is refused.
    pub(crate) claimed_end: Option<SystemTime>,
}

pub(crate) fn all<'c>(
    cookies: &'c [Cookie],
    arguments: &Arguments,
    keys: &Keys,
) -> Result<Vec<Report<'c>>, ConfigError> {
    let now = SystemTime::now();
    let report = |cookie| Report::new(cookie, arguments, keys, now);
    let mut reports = cookies.iter().map(report).collect::<Result<Vec<_>, _>>()?;
    for (at, cookie) in cookies.iter().enumerate() {
        let same: Vec<&Cookie> = cookies
            .iter()
            .filter(|other| other.name == cookie.name && other.attributes.is_none())
            .collect();
        if same.len() > 1 && cookie.attributes.is_none() {
            let format = reports[at].envelope.map(|envelope| envelope.format());
            let store = store(&cookie.name, format, arguments, keys)?;
            let chosen = store.open(&headers(&same));
            reports[at].choice = Some(chosen.map(|chosen| reports[at].is(&chosen)));
        }
    }
    Ok(reports)
}

impl<'c> Report<'c> {
    fn new(
        cookie: &'c Cookie,
        arguments: &Arguments,
        keys: &Keys,
        now: SystemTime,
    ) -> Result<Self, ConfigError> {
        let envelope = Envelope::of(cookie.value.as_bytes());
        let format = envelope.map(|envelope| envelope.format());
        let store = store(&cookie.name, format, arguments, keys)?;
        let store = store.with_clock(move || now);
        let usage = store.keyring().usage();
        Ok(Self {
            verdict: store.open_value(cookie.value.as_bytes()),
            key_ids: usage.iter().map(session_runtime::KeyUsage::id).collect(),
            choice: None,
            claimed_end: envelope.and_then(|envelope| end(&envelope, arguments)),
            cookie,
            envelope,
            now,
        })
    }

    pub(crate) fn is_good(&self) -> bool {
        (self.verdict.is_ok() || self.is_removal()) && !matches!(self.choice, Some(Err(_)))
    }

    /// Bytes of name and value.
    pub(crate) fn size(&self) -> usize {
        self.cookie.name.len() + self.cookie.value.len()
    }

    /// Whether it is a `Set-Cookie` that only takes the browser's cookie away.
    pub(crate) fn is_removal(&self) -> bool {
        self.cookie.value.is_empty() && self.cookie.attributes.is_some()
    }

    /// What more can be said of a refusal than its reason does.
    pub(crate) fn detail(&self, refusal: Refusal) -> Option<String> {
        let made_under = self.envelope.and_then(|envelope| envelope.key_id());
        match (refusal.as_str(), made_under) {
            ("unknown_key", Some(id)) => Some(format!(
                "It was made under the key {id}; yours: {}.",
                self.key_ids.join(", ")
            )),
            ("bad_mac", Some(id)) => Some(format!(
                "The key {id} is one of yours, so it was altered, or its name or context is another."
            )),
            _ => None,
        }
    }

    /// Whether this is the record of that cookie.
    fn is(&self, chosen: &Record) -> bool {
        self.verdict.as_ref().is_ok_and(|record| {
            record.id() == chosen.id() && record.issued_at() == chosen.issued_at()
        })
    }
}

/// The keys of a record, each with its value's text.
pub(crate) fn keys(record: &Record) -> impl Iterator<Item = (KeyDetails, String)> {
    let details = record.details().into_iter();
    details.map(|key| {
        let value = record.get::<serde_json::Value>(key.name());
        let value = match value {
            Ok(value) => value.unwrap_or_default().to_string(),
            Err(error) => format!("({error})"),
        };
        (key, value)
    })
}

/// A store for cookies of this name that are in this format, if in any.
fn store(
    name: &str,
    format: Option<CookieFormat>,
    arguments: &Arguments,
    keys: &Keys,
) -> Result<CookieStore, ConfigError> {
    let mut config = if format == Some(CookieFormat::Gorilla) {
        CookieStoreConfig::gorilla(name, gorilla_keys(arguments, keys))
    } else {
        CookieStoreConfig::new(name, keys.key.as_str())
            .with_encrypted(format == Some(CookieFormat::Encrypted))
            .with_context(arguments.context.as_str())
    };
    if let Some(max_age) = arguments.max_age {
        config = config.with_max_age(max_age);
    }
    match arguments.absolute_max_age {
        Some(Limit::None) => config = config.with_absolute_max_age(None),
        Some(Limit::After(age)) => config = config.with_absolute_max_age(age),
        None => {}
    }
    CookieStore::new(config)
}

fn gorilla_keys(arguments: &Arguments, keys: &Keys) -> GorillaKeys {
    let mut gorilla = GorillaKeys::new(keys.key.as_str());
    if let Some(block_key) = &keys.block_key {
        gorilla = gorilla.with_block_key(block_key);
    }
    if arguments.decoded_key {
        gorilla = gorilla.decoded();
    }
    if arguments.short_key {
        gorilla = gorilla.allow_short_key();
    }
    gorilla
}

/// When the cookie is over, by its own word and the configured limits.
fn end(envelope: &Envelope, arguments: &Arguments) -> Option<SystemTime> {
    const MAX_AGE: Duration = Duration::from_secs(30 * 86_400);
    const ABSOLUTE: Duration = Duration::from_secs(90 * 86_400);
    const SESSION: Duration = Duration::from_secs(86_400);
    let max_age = arguments.max_age.unwrap_or(MAX_AGE);
    let max_age = if max_age.is_zero() { SESSION } else { max_age };
    let ttl = envelope.ttl().map_or(max_age, |ttl| ttl.min(max_age));
    let rolling = envelope.issued_at().checked_add(ttl)?;
    let absolute = match (arguments.absolute_max_age, envelope.born()) {
        (Some(Limit::After(age)), Some(born)) => born.checked_add(age),
        (None, Some(born)) => born.checked_add(ABSOLUTE),
        _ => None,
    };
    Some(absolute.map_or(rolling, |end| end.min(rolling)))
}

/// The request that has these cookies.
fn headers(cookies: &[&Cookie]) -> HeaderMap {
    let pairs = cookies.iter().filter_map(|cookie| {
        let pair = format!("{}={}", cookie.name, cookie.value);
        Some((COOKIE, HeaderValue::from_bytes(pair.as_bytes()).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, pair) in pairs {
        headers.append(name, pair);
    }
    headers
}
