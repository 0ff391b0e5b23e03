//! From a record to the `Set-Cookie` value.

use http::header::HeaderValue;

use super::CookieStore;
use crate::codec::SessionCodec;
use crate::cookie::format::Header;
use crate::error::{Error, Result};
use crate::lifetime::Lifetime;
use crate::record::{Record, Stamp};

impl CookieStore {
    /// The header around a value of this length, which `write` appends.
    pub(super) fn set_cookie(
        &self,
        value_len: usize,
        ttl: Option<u64>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<HeaderValue> {
        let settings = &self.settings;
        let name = self.name();
        let mut digits = itoa::Buffer::new();
        let (max_age, ttl) = match ttl {
            Some(ttl) => ("; Max-Age=", digits.format(ttl)),
            None => ("", ""),
        };
        let attributes = &settings.attributes;
        // Just what it takes: `HeaderValue` then takes the text as it is.
        let len = name.len() + "=".len() + value_len + attributes.len() + max_age.len() + ttl.len();
        let mut text = Vec::with_capacity(len);
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        write(&mut text)?;
        for part in [attributes, max_age, ttl] {
            text.extend_from_slice(part.as_bytes());
        }
        let header = HeaderValue::try_from(text);
        let mut header = header.expect("name and attributes were checked, and a value is base64");
        header.set_sensitive(true);
        Ok(header)
    }

    /// The `Set-Cookie` value, or [`Error::TooLarge`] where name and value have more bytes than `limit`.
    pub(super) fn seal_at(&self, record: &Record, now: u64, limit: usize) -> Result<HeaderValue> {
        let header = self.header(record, now);
        let sealing = self.formats().own.seal(record, &header, now)?;
        let size = self.name().len() + sealing.len();
        if size > limit {
            let largest = record.largest();
            if let Some((key, _)) = largest.first() {
                return Err(Error::TooLarge {
                    key: key.clone(),
                    size,
                    limit,
                    largest,
                });
            }
        }
        self.set_cookie(sealing.len(), self.max_age(record, &header), |text| {
            sealing.write(text)
        })
    }

    /// `Max-Age`, where the cookie has one.
    pub(super) fn max_age(&self, record: &Record, header: &Header) -> Option<u64> {
        let is_sent = match record.lifetime() {
            Lifetime::Configured => self.settings.sends_max_age,
            Lifetime::Browser(_) => false,
            Lifetime::For(_) => true,
        };
        is_sent.then_some(header.ttl)
    }

    /// Identity and times of a cookie that is made now.
    pub(super) fn header(&self, record: &Record, now: u64) -> Header {
        let Stamp {
            sid: id,
            born,
            ahead,
            longest,
            ..
        } = record.stamp;
        let born = if ahead { born.min(now) } else { born };
        let ttl = self.settings.rules.ttl(born, now, record.lifetime());
        Header {
            id,
            born,
            issued_at: now.max(born),
            ttl: ttl.min(longest),
        }
    }
}
