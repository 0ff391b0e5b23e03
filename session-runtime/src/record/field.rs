//! One key of a record and its raw JSON value, either where they stand in the text that came or as put since.

use super::json::is_plain;

/// A piece of JSON text.
#[derive(Clone)]
pub(crate) enum Text {
    /// Where it stands in the record's base.
    Base {
        start: u32,
        end: u32,
    },
    Own(String),
}

impl Text {
    pub(super) fn bytes<'a>(&'a self, base: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Base { start, end } => {
                base.get(*start as usize..*end as usize).unwrap_or_default()
            }
            Self::Own(text) => text.as_bytes(),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Base { start, end } => (end - start) as usize,
            Self::Own(text) => text.len(),
        }
    }
}

/// A copy of a raw value, which can be decoded without the lock that the record is under.
pub(crate) enum RawValue {
    /// Most are short, and need no allocation.
    Short([u8; SHORT], usize),
    Long(Vec<u8>),
}

const SHORT: usize = 32;

impl RawValue {
    pub(super) fn new(text: &[u8]) -> Self {
        let mut short = [0; SHORT];
        match short.get_mut(..text.len()) {
            Some(room) => {
                room.copy_from_slice(text);
                Self::Short(short, text.len())
            }
            None => Self::Long(text.to_vec()),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(text, len) => text.get(..*len).unwrap_or_default(),
            Self::Long(text) => text,
        }
    }
}

/// Where a flash value stands between the request that put it and the one that shows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flash {
    Unread,
    /// Read: here for the rest of the request, not in the next cookie.
    Read,
    /// Put in a request that had read an earlier value: for the next request, whoever reads it in this one.
    ForNextRequest,
}

#[derive(Clone)]
pub(crate) struct Field {
    /// The key as JSON text, with its quotes.
    pub(super) key: Text,
    /// The name, where it differs from the key's text between the quotes.
    pub(super) unescaped: Option<Box<str>>,
    pub(super) value: Text,
    /// When the value disappears, in seconds since 1970.
    pub(super) deadline: Option<u64>,
    pub(super) flash: Flash,
    /// Put since the record was opened.
    pub(super) fresh: bool,
    /// Put under a key that an unencrypted cookie must not carry.
    pub(super) private: bool,
}

impl Field {
    pub(super) fn from_base(key: Text, unescaped: Option<Box<str>>, value: Text) -> Self {
        Self {
            key,
            unescaped,
            value,
            deadline: None,
            flash: Flash::Unread,
            fresh: false,
            private: false,
        }
    }

    pub(super) fn new(name: &str, value: String, deadline: Option<u64>, private: bool) -> Self {
        let plain = is_plain(name.as_bytes());
        let quoted = if plain {
            ["\"", name, "\""].concat()
        } else {
            serde_json::Value::from(name).to_string()
        };
        Self {
            unescaped: (!plain).then(|| name.into()),
            deadline,
            fresh: true,
            private,
            ..Self::from_base(Text::Own(quoted), None, Text::Own(value))
        }
    }

    /// Puts another value in place; answers the field as it was.
    pub(super) fn replace(&mut self, value: String, deadline: Option<u64>, private: bool) -> Self {
        let flash = match self.flash {
            Flash::Unread => Flash::Unread,
            Flash::Read | Flash::ForNextRequest => Flash::ForNextRequest,
        };
        let next = Self {
            key: self.key.clone(),
            unescaped: self.unescaped.clone(),
            value: Text::Own(value),
            deadline,
            flash,
            fresh: true,
            private,
        };
        core::mem::replace(self, next)
    }

    /// Whether putting this value would change nothing that a cookie shows.
    pub(super) fn holds(&self, base: &[u8], raw: &str, deadline: Option<u64>) -> bool {
        self.flash != Flash::Read
            && self.deadline == deadline
            && self.value.bytes(base) == raw.as_bytes()
    }

    pub(super) fn name<'a>(&'a self, base: &'a [u8]) -> &'a [u8] {
        if let Some(name) = &self.unescaped {
            return name.as_bytes();
        }
        let quoted = self.key.bytes(base);
        quoted
            .get(1..quoted.len().saturating_sub(1))
            .unwrap_or_default()
    }

    pub(super) fn name_text(&self, base: &[u8]) -> String {
        String::from_utf8_lossy(self.name(base)).into_owned()
    }

    /// Bytes of the `"key":value` pair.
    pub(super) fn pair_len(&self) -> usize {
        self.key.len() + 1 + self.value.len()
    }
}
