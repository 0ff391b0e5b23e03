//! Decodes Go's cookies to records and encodes records as Go's cookies.
//!
//! A record is JSON text. It keeps the gob that it was read from, and a write starts from that gob. The strings `"~"`
//! and `"~id"` hold deadlines, id and birth, but only in sessions that use them.

use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::gob::{self, GoMap, GoValue};
use super::securecookie::{IV, SecureCookie, Verified};
use crate::config::KeyPair;
use crate::cookie::format::{Header, Rules, Token};
use crate::error::{Error, Reason, Refusal, Result};
use crate::id::SessionId;
use crate::json::FOREIGN;
use crate::limits::MAX_COOKIE;
use crate::random::fill_random;
use crate::record::Record;

const DEADLINES: &str = "~";
const ID: &str = "~id";

/// Go's format for one cookie. The first codec signs; all codecs verify.
pub(in crate::cookie) struct Gorilla {
    codecs: Vec<SecureCookie>,
    name: String,
}

impl Gorilla {
    /// The format with these keys. There must be at least one.
    pub(in crate::cookie) fn new(name: &str, keys: Vec<KeyPair>) -> Self {
        Self {
            codecs: keys.into_iter().map(SecureCookie::new).collect(),
            name: name.to_owned(),
        }
    }

    pub(in crate::cookie) fn is_encrypted(&self) -> bool {
        self.first().is_encrypted()
    }

    fn first(&self) -> &SecureCookie {
        let codec = self.codecs.first();
        codec.expect("`GorillaKeys::pairs` answers one at least")
    }

    /// Opens a cookie's value with the first codec that can read all of it, as in Go.
    pub(in crate::cookie) fn open(
        &self,
        value: &[u8],
        rules: &Rules,
        now: u64,
    ) -> Result<Token, Refusal> {
        if value.len() > MAX_COOKIE {
            return Err(Reason::TooLong.into());
        }
        let mut refused = Reason::BadMac;
        for (index, codec) in self.codecs.iter().enumerate() {
            let opened = codec.open(&self.name, value, now, rules.max_age);
            match opened.and_then(|opened| token(opened, index > 0, rules.max_age)) {
                Ok(token) if now >= rules.last_second(token.header.born) => {
                    refused = Reason::Expired;
                }
                Ok(token) => return Ok(token),
                Err(Reason::BadMac) => {}
                Err(reason) => refused = reason,
            }
        }
        Err(refused.into())
    }

    /// The cookie's value.
    pub(in crate::cookie) fn seal(
        &self,
        record: &Record,
        header: &Header,
        now: u64,
    ) -> Result<String> {
        let codec = self.first();
        let mut iv = [0; IV];
        if codec.is_encrypted() {
            fill_random(&mut iv)?;
        }
        let payload = to_gob(record, header, now)?;
        Ok(codec.seal(&self.name, &payload, header.issued_at, iv))
    }
}

fn token(opened: Verified, outdated: bool, max_age: u64) -> Result<Token, Reason> {
    let session = gob::decode(&opened.payload).map_err(|_| Reason::Payload)?;
    let known = session
        .entries()
        .find(|(key, _)| *key == ID)
        .and_then(|(_, stored)| parse_id(stored));
    let (id, born) = known.unwrap_or((SessionId::from_bytes(opened.id), opened.issued_at));
    let bytes = to_json(&session).into_bytes();
    Ok(Token {
        header: Header {
            id,
            born,
            issued_at: opened.issued_at,
            ttl: max_age,
        },
        payload: 0..bytes.len(),
        bytes,
        kept: Some(opened.payload.into()),
        outdated,
        has_id: known.is_some(),
    })
}

fn to_json(session: &GoMap) -> String {
    let mut members = String::from("{");
    for (key, stored) in session.entries() {
        let value = match (key, stored) {
            (ID, _) => continue,
            (DEADLINES, stored) => match text(stored) {
                Some(object) => object,
                None => continue,
            },
            (_, GoValue::Json(json)) => json.to_owned(),
            (_, GoValue::Foreign) => foreign(session.go_type(key).unwrap_or_default()),
        };
        if members.len() > 1 {
            members.push(',');
        }
        members.push_str(&quoted(key));
        members.push(':');
        members.push_str(&value);
    }
    members.push('}');
    members
}

/// The record's text for a Go value without a JSON counterpart.
fn foreign(go_type: &str) -> String {
    let what = quoted(&format!("Go {go_type}"));
    format!("{FOREIGN}{}", &what[1..])
}

fn to_gob(record: &Record, header: &Header, now: u64) -> Result<Vec<u8>> {
    let session = record.kept.as_deref().map(gob::decode);
    let session = session.map_or(Ok(GoMap::default()), |session| session);
    let session = session.expect("what was kept is the gob that was read");
    let mut payload = Vec::new();
    record.write(now, &mut payload);
    let Pairs(pairs) = serde_json::from_slice(&payload).expect("a record writes an object");
    let deadlines = pairs.iter().find(|(name, _)| name == DEADLINES);
    let deadlines = deadlines.map(|(_, object)| quoted(object.get()));
    let id = || quoted(&format!("{}.{}", header.id, header.born));
    let id = record.stamp.has_id.then(id);
    let own = [(DEADLINES, &deadlines), (ID, &id)];
    let own = own
        .into_iter()
        .filter_map(|(name, text)| Some((name, GoValue::Json(text.as_deref()?))));
    let of_user = pairs.iter().filter(|(name, _)| name != DEADLINES);
    let of_user = of_user.map(|(name, value)| (name.as_str(), stored(&session, name, value.get())));
    let entries: Vec<(&str, GoValue<'_>)> = of_user.chain(own).collect();
    gob::encode(&session, &entries).map_err(|(key, unsupported)| Error::Encode {
        key: key.to_owned(),
        source: unsupported.into(),
    })
}

fn stored<'a>(session: &GoMap, name: &str, value: &'a str) -> GoValue<'a> {
    if value.starts_with(FOREIGN) && session.is_foreign(name) {
        return GoValue::Foreign;
    }
    GoValue::Json(value)
}

/// The members of a payload, in their order.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// The 32 digits of the id, a dot, and the second of birth.
fn parse_id(stored: GoValue<'_>) -> Option<(SessionId, u64)> {
    let text = text(stored)?;
    let (id, born) = text.split_once('.')?;
    Some((id.parse().ok()?, born.parse().ok()?))
}

fn text(stored: GoValue<'_>) -> Option<String> {
    match stored {
        GoValue::Json(json) => serde_json::from_str(json).ok(),
        GoValue::Foreign => None,
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
