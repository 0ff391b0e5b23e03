//! The cookie store as what the request store reads and writes sessions by.

use std::time::SystemTime;

use http::header::HeaderValue;

use super::{CookieStore, Settings};
#[cfg(feature = "dev")]
use crate::codec::Examined;
use crate::codec::{Came, Cookies, Opened, Page, SessionCodec, SetCookies};
#[cfg(feature = "dev")]
use crate::cookie::envelope::Envelope;
use crate::cookie::format::Header;
#[cfg(feature = "dev")]
use crate::cookie::header::Scanned;
use crate::error::Result;
#[cfg(feature = "dev")]
use crate::error::{Reason, Refusal};
use crate::id::SessionId;
use crate::lifetime::Lifetime;
use crate::log::Warning;
use crate::record::{Record, Stamp};
use crate::time::seconds;

impl SessionCodec for CookieStore {
    fn name(&self) -> &str {
        &self.settings.names[0]
    }

    fn now(&self) -> u64 {
        let clock = self.clock.as_ref();
        seconds(clock.map_or_else(SystemTime::now, |clock| clock()))
    }

    fn runs_user_code(&self) -> bool {
        self.clock.is_some()
    }

    fn open(&self, cookies: &Cookies, now: u64) -> Opened {
        match self.scan(cookies.fields()) {
            Ok(found) => Opened {
                came: found.came(),
                record: self.open_found(&found, now),
            },
            // What is too long to be read may hold our cookie.
            Err(refusal) => Opened {
                came: Came::own(),
                record: Err(refusal),
            },
        }
    }

    fn new_stamp(&self, now: u64) -> Result<Stamp> {
        let Settings { formats, rules, .. } = &*self.settings;
        let header = Header {
            id: SessionId::random()?,
            born: now,
            issued_at: now,
            ttl: rules.ttl(now, now, Lifetime::Configured),
        };
        Ok(Stamp {
            has_id: formats.own.always_has_id() || rules.absolute_max_age.is_some(),
            ..self.stamp(&header, now)
        })
    }

    fn size(&self, record: &Record, now: u64) -> Result<usize> {
        let header = self.header(record, now);
        let sealing = self.formats().own.seal(record, &header, now)?;
        Ok(self.name().len() + sealing.len())
    }

    fn max_size(&self) -> usize {
        self.settings.max_size
    }

    fn max_age(&self) -> u64 {
        self.settings.rules.max_age
    }

    fn expires_at(&self, record: &Record, now: u64) -> u64 {
        self.settings.rules.expires_at(&self.header(record, now))
    }

    fn is_encrypted(&self) -> bool {
        self.is_encrypted()
    }

    fn seal(&self, record: &Record, came: Came, now: u64, limit: usize) -> Result<SetCookies> {
        Ok(SetCookies {
            removals: self.removals(came),
            own: Some(self.seal_at(record, now, limit)?),
        })
    }

    #[cfg(feature = "store")]
    fn issue(&self, record: &Record, came: Came, now: u64) -> Result<SetCookies> {
        let header = self.header(record, now);
        let sealing = self.formats().own.seal_bare(&header, now);
        let max_age = self.max_age(record, &header);
        let own = self.set_cookie(sealing.len(), max_age, |text| sealing.write(text))?;
        Ok(SetCookies {
            removals: self.removals(came),
            own: Some(own),
        })
    }

    fn remove(&self, came: Came) -> SetCookies {
        SetCookies {
            removals: self.removals(came),
            own: Some(self.remove()),
        }
    }

    fn misplaced(&self, page: &Page) -> Option<Warning> {
        self.settings.reach.misses(page)
    }

    fn mends(&self, came: Came) -> bool {
        came.has_twins() && !self.settings.former.is_empty()
    }

    fn mend(&self, came: Came) -> SetCookies {
        SetCookies {
            removals: self.removals(came),
            own: None,
        }
    }

    #[cfg(feature = "dev")]
    fn examine(&self, cookies: &Cookies, now: u64) -> Result<Vec<Examined>, Refusal> {
        let found = self.scan(cookies.fields())?;
        let values = match found.under(0) {
            Err(refusal) if refusal.is(Reason::Missing) => return Ok(Vec::new()),
            values => values?,
        };
        Ok(values
            .iter()
            .map(|value| self.examined(value, now))
            .collect())
    }

    #[cfg(feature = "dev")]
    fn keys(&self) -> Vec<(String, u64)> {
        let usage = self.keyring().usage().into_iter();
        usage.map(|key| (key.id(), key.opened())).collect()
    }

    #[cfg(feature = "dev")]
    fn attributes(&self) -> &str {
        &self.settings.attributes
    }
}

#[cfg(feature = "dev")]
impl CookieStore {
    fn examined(&self, value: &[u8], now: u64) -> Examined {
        let envelope = Envelope::of(value);
        Examined {
            size: self.name().len() + value.len(),
            format: envelope.map(|envelope| envelope.format().to_string()),
            key_id: envelope.and_then(|envelope| envelope.key_id()),
            issued_at: envelope.map(|envelope| seconds(envelope.issued_at())),
            verdict: self.open_found(&Scanned::one(value), now).map(drop),
        }
    }
}

impl CookieStore {
    /// What removes the cookies that came under other names, and ours at the places where it used to be.
    fn removals(&self, came: Came) -> Vec<HeaderValue> {
        let Settings {
            removals, former, ..
        } = &*self.settings;
        let removals = removals.iter().enumerate();
        let of_others = removals.filter(|(name, _)| *name > 0 && came.has(*name));
        let of_others = of_others.map(|(_, removal)| removal);
        of_others.chain(former).cloned().collect()
    }
}
