//! A value as a source wrote it, and its conversion to a field's value.

use core::time::Duration;
use std::path::PathBuf;
use std::time::SystemTime;

use cookie::SameSite;
use zeroize::Zeroizing;

use super::super::CookieStoreConfig;
use super::super::field::Field;
use super::spelling::{Says, Spelling};

/// The text that means no limit of `absolute_max_age`. TOML and the environment have no null.
pub(super) const WITHOUT_END: &str = "none";

/// One value of a source.
pub(super) enum Value {
    Text(Zeroizing<String>),
    /// The number's text. The field decides which numbers it accepts.
    Number(String),
    Bool(bool),
    Null,
    List(Vec<Self>),
    /// Names and values, in their order.
    Table(Vec<(String, Self)>),
    /// A value that no field accepts, such as `a date`.
    Other(&'static str),
}

impl CookieStoreConfig {
    /// Sets one field. The error says what is wrong with the value and what to write.
    pub(super) fn set(&mut self, spelling: &Spelling, value: Value) -> Result<(), String> {
        match spelling.field {
            Field::Name => self.name = value.text()?,
            Field::Key => self.set_key(value.text()?.into()),
            Field::Domain => self.domain = value.domain()?,
            Field::Path => self.path = value.text()?,
            Field::MaxAge => self.max_age = value.seconds()?,
            Field::RefreshAfter => self.refresh_after = value.refresh_after()?,
            Field::AbsoluteMaxAge => self.absolute_max_age = value.seconds_or_none()?,
            Field::HttpOnly => self.http_only = value.bool()? != (spelling.says == Says::Opposite),
            Field::Secure => self.secure = value.bool()? != (spelling.says == Says::Opposite),
            Field::SameSite => self.same_site = value.same_site()?,
            Field::Partitioned => self.partitioned = value.bool()?,
            Field::Encrypted => self.encrypted = value.bool()?,
            Field::AcceptSignedUntil => self.accept_signed_until = value.time()?,
            Field::Context => self.context = value.text()?,
            Field::MaxSize => self.max_size = value.bytes()?,
            Field::Formerly => self.formerly = value.places()?,
        }
        Ok(())
    }
}

impl Value {
    pub(super) fn from_text(text: impl Into<String>) -> Self {
        Self::Text(Zeroizing::new(text.into()))
    }

    /// The text. Null is a blank text. No error shows the value, since it may be a key.
    pub(super) fn text(self) -> Result<String, String> {
        match self {
            Self::Text(mut text) => Ok(core::mem::take(&mut *text)),
            Self::Null => Ok(String::new()),
            _ => Err(format!(
                "needs a text, and this is {}: put the text in quotes",
                self.kind()
            )),
        }
    }

    /// A path, which may be relative.
    pub(super) fn file(self) -> Result<PathBuf, String> {
        let text = self.text()?;
        if text.trim().is_empty() {
            return Err("names no file: write a path, or remove it".to_owned());
        }
        Ok(text.into())
    }

    /// The domain. As in Go, a blank domain means no domain.
    pub(super) fn domain(self) -> Result<Option<String>, String> {
        let text = self.text()?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    pub(super) fn bool(&self) -> Result<bool, String> {
        let word = match self {
            Self::Bool(yes) => return Ok(*yes),
            Self::Text(text) => text.trim(),
            Self::Number(digits) => digits,
            Self::Null | Self::List(_) | Self::Table(_) | Self::Other(_) => "",
        };
        match word.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(true),
            "false" | "no" | "off" | "0" => Ok(false),
            _ => Err(format!(
                "{} is neither true nor false: write `true` or `false`",
                self.shown()
            )),
        }
    }

    fn seconds(&self) -> Result<Duration, String> {
        let seconds = self.whole_number().map(Duration::from_secs);
        seconds.ok_or_else(|| {
            format!(
                "{} is no whole number of seconds from 0 on: write a number without a unit, such as 2592000 for 30 days",
                self.shown()
            )
        })
    }

    fn seconds_or_none(&self) -> Result<Option<Duration>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) if text.trim().eq_ignore_ascii_case(WITHOUT_END) => Ok(None),
            _ => match self.seconds() {
                Ok(seconds) => Ok(Some(seconds)),
                Err(complaint) => Err(format!(
                    "{complaint}, or \"{WITHOUT_END}\" for sessions without a last day"
                )),
            },
        }
    }

    fn refresh_after(&self) -> Result<Option<Duration>, String> {
        if matches!(self, Self::Null) {
            return Ok(None);
        }
        let complaint = |complaint| format!("{complaint}; left out, it is half of the lifetime");
        self.seconds().map(Some).map_err(complaint)
    }

    fn time(&self) -> Result<Option<SystemTime>, String> {
        if matches!(self, Self::Null) {
            return Ok(None);
        }
        let since = self.whole_number().map(Duration::from_secs);
        let time = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
        let complaint = || {
            format!(
                "{} is no time: write the seconds since 1970, as `date -d 2030-01-31 +%s` prints them",
                self.shown()
            )
        };
        time.map(Some).ok_or_else(complaint)
    }

    fn bytes(&self) -> Result<usize, String> {
        let bytes = self.whole_number().and_then(|n| usize::try_from(n).ok());
        bytes.ok_or_else(|| {
            format!(
                "{} is no number of bytes: write a whole number, such as 4096",
                self.shown()
            )
        })
    }

    fn same_site(&self) -> Result<SameSite, String> {
        let text = match self {
            Self::Text(text) => text.trim(),
            _ => "",
        };
        match text.to_ascii_lowercase().as_str() {
            "strict" => Ok(SameSite::Strict),
            "lax" => Ok(SameSite::Lax),
            "none" => Ok(SameSite::None),
            _ => Err(format!(
                "{} is no SameSite: write \"Strict\", \"Lax\" or \"None\"",
                self.shown()
            )),
        }
    }

    fn whole_number(&self) -> Option<u64> {
        match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Null => "nothing",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }

    /// The value, for errors about fields that are not secret.
    fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("{:?}", text.as_str()),
            Self::Number(digits) => digits.clone(),
            Self::Bool(yes) => yes.to_string(),
            Self::Null => "null".to_owned(),
            Self::List(_) | Self::Table(_) | Self::Other(_) => self.kind().to_owned(),
        }
    }
}
