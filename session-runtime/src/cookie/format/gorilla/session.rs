//! From Go's cookies to records and back.
//!
//! A record is JSON text; what Go wrote stands behind it, so that a write starts from there. Deadlines, id and birth
//! travel as the strings `"~"` and `"~id"`, and only where they are used.

use std::sync::atomic::{AtomicU64, Ordering};

use super::gob::{self, Session, Stored};
use super::securecookie::{Codec, IV, Opened};
use crate::config::{CookieStoreConfig, GorillaKeys};
use crate::cookie::format::v1::{Header, MAX_VALUE, Rules, Token};
use crate::error::{ConfigError, Error, Reason, Refusal, Result};
use crate::id::SessionId;
use crate::json::FOREIGN;
use crate::random::fill_random;
use crate::record::Record;
use crate::time::seconds;

const DEADLINES: &str = "~";
const ID: &str = "~id";

/// Go's format for one cookie: the first codec signs, all verify.
pub(crate) struct GorillaStore {
    codecs: Vec<Codec>,
    name: String,
    max_age: u64,
}

/// Go's cookies that are read until a date.
pub(crate) struct Accepted {
    store: GorillaStore,
    until: u64,
    opened: AtomicU64,
}

impl GorillaStore {
    /// The store for a configuration whose cookie is in Go's format.
    pub(crate) fn new(config: &CookieStoreConfig) -> Result<Option<Self>, ConfigError> {
        let keys = config
            .is_gorilla()
            .then(|| config.gorilla.keys(&config.key));
        keys.map(|keys| Self::with_keys(config, &keys)).transpose()
    }

    fn with_keys(config: &CookieStoreConfig, keys: &GorillaKeys) -> Result<Self, ConfigError> {
        Ok(Self {
            codecs: keys.codecs()?,
            name: config.name.clone(),
            max_age: config.max_age_seconds(),
        })
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.codecs.first().is_some_and(Codec::is_encrypted)
    }

    /// Opens a cookie's value: the first codec that can read all of it, as in Go.
    pub(crate) fn open(&self, value: &[u8], rules: &Rules, now: u64) -> Result<Token, Refusal> {
        if value.len() > MAX_VALUE {
            return Err(Reason::TooLong.into());
        }
        let mut refused = Reason::BadMac;
        for (index, codec) in self.codecs.iter().enumerate() {
            let opened = codec.open(&self.name, value, now, self.max_age);
            match opened.and_then(|opened| self.token(opened, index > 0)) {
                Ok(token) if rules.is_too_old(&token.header, now) => refused = Reason::Expired,
                Ok(token) => return Ok(token),
                Err(Reason::BadMac) => {}
                Err(reason) => refused = reason,
            }
        }
        Err(refused.into())
    }

    fn token(&self, opened: Opened, outdated: bool) -> Result<Token, Reason> {
        let session = gob::decode(&opened.payload).map_err(|_| Reason::Payload)?;
        let known = session
            .entries()
            .find(|(key, _)| *key == ID)
            .and_then(|(_, stored)| parse_id(stored));
        let (id, born) = known.unwrap_or((SessionId::from_bytes(opened.id), opened.issued_at));
        let mut bytes = to_json(&session).into_bytes();
        let payload = (0, bytes.len());
        bytes.extend_from_slice(&opened.payload);
        let header = Header {
            id,
            born,
            issued_at: opened.issued_at,
            ttl: self.max_age,
        };
        Ok(Token {
            header,
            bytes,
            payload,
            outdated,
            has_id: known.is_some(),
        })
    }

    /// The cookie's value.
    pub(crate) fn seal(&self, record: &Record, now: u64) -> Result<String> {
        let codec = self.codecs.first();
        let codec = codec.expect("`GorillaKeys::codecs` answers one at least");
        let mut iv = [0; IV];
        if codec.is_encrypted() {
            fill_random(&mut iv)?;
        }
        Ok(codec.seal(&self.name, &to_gob(record, now)?, now, iv))
    }
}

impl Accepted {
    /// What a configuration says that is accepted besides our own format.
    pub(crate) fn new(config: &CookieStoreConfig) -> Result<Option<Self>, ConfigError> {
        let Some((keys, until)) = &config.gorilla.accepted else {
            return Ok(None);
        };
        Ok(Some(Self {
            store: GorillaStore::with_keys(config, keys)?,
            until: seconds(*until),
            opened: AtomicU64::new(0),
        }))
    }

    pub(crate) fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// A token to be replaced by one of our own format.
    pub(crate) fn open(&self, value: &[u8], rules: &Rules, now: u64) -> Result<Token, Refusal> {
        if now >= self.until {
            return Err(Reason::Version.into());
        }
        let token = self.store.open(value, rules, now)?;
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Token {
            outdated: true,
            has_id: true,
            ..token
        })
    }
}

fn to_json(session: &Session) -> String {
    let mut json = String::from("{");
    for (key, stored) in session.entries() {
        let value = match (key, stored) {
            (ID, _) => continue,
            (DEADLINES, stored) => match text(stored) {
                Some(object) => object,
                None => continue,
            },
            (_, Stored::Json(json)) => json.to_owned(),
            (_, Stored::Foreign) => {
                let go_type = session.go_type(key).unwrap_or_default();
                format!("{FOREIGN}{}", quoted(go_type).get(1..).unwrap_or("\""))
            }
        };
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&quoted(key));
        json.push(':');
        json.push_str(&value);
    }
    json.push('}');
    json
}

fn to_gob(record: &Record, now: u64) -> Result<Vec<u8>> {
    // What stands behind another format's payload is no gob, and nothing to start from.
    let session = gob::decode(record.rest()).unwrap_or_default();
    let mut entries: Vec<(&str, Stored<'_>)> = Vec::new();
    let mut deadlines = serde_json::Map::new();
    let pairs = record.written_pairs(now);
    for (name, value, deadline) in &pairs {
        let is_foreign = value.starts_with(FOREIGN) && session.is_foreign(name);
        entries.push((
            name,
            if is_foreign {
                Stored::Foreign
            } else {
                Stored::Json(value)
            },
        ));
        deadlines.extend(deadline.map(|at| (name.clone(), at.into())));
    }
    let deadlines =
        (!deadlines.is_empty()).then(|| quoted(&serde_json::Value::from(deadlines).to_string()));
    let stamp = &record.stamp;
    let id = stamp
        .has_id
        .then(|| quoted(&format!("{}.{}", stamp.id, stamp.born)));
    entries.extend(
        deadlines
            .as_deref()
            .map(|text| (DEADLINES, Stored::Json(text))),
    );
    entries.extend(id.as_deref().map(|text| (ID, Stored::Json(text))));
    gob::encode(&session, &entries).map_err(|(key, unsupported)| Error::Encode {
        key: key.to_owned(),
        source: unsupported.into(),
    })
}

/// The 32 digits of the id, a dot, and the second of birth.
fn parse_id(stored: Stored<'_>) -> Option<(SessionId, u64)> {
    let text = text(stored)?;
    let (id, born) = text.split_once('.')?;
    Some((id.parse().ok()?, born.parse().ok()?))
}

fn text(stored: Stored<'_>) -> Option<String> {
    match stored {
        Stored::Json(json) => serde_json::from_str(json).ok(),
        Stored::Foreign => None,
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
