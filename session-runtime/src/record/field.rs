//! One key of a record and its raw JSON value.

use super::base::{Base, Text};
use super::json::is_plain;

/// Where a flash value stands between the request that put it and the one that shows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flash {
    Unread,
    /// Read: here for the rest of the request, not in the next cookie.
    Read,
    /// Taken where nothing is shown to the visitor: gone for the rest of the request, and still in the next cookie.
    Hidden,
    /// Put in a request that had read an earlier value: for the next request, whoever reads it in this one.
    ForNextRequest,
}

#[derive(Clone, Copy)]
pub(crate) struct Field {
    /// The key as JSON text, with its quotes.
    pub(super) key: Text,
    /// The name, where it differs from the key's text between the quotes.
    pub(super) unescaped: Option<Text>,
    pub(super) value: Text,
    /// When the value disappears, in seconds since 1970.
    pub(super) deadline: Option<u64>,
    pub(super) flash: Flash,
    /// Put under a key that an unencrypted cookie must not carry.
    pub(super) private: bool,
}

impl Field {
    /// A field as it comes.
    pub(super) fn new(key: Text, value: Text) -> Self {
        Self {
            key,
            unescaped: None,
            value,
            deadline: None,
            flash: Flash::Unread,
            private: false,
        }
    }

    /// A field under a new name, which is put into the base.
    pub(super) fn named(name: &str, value: Text, base: &mut Base) -> Self {
        if is_plain(name.as_bytes()) {
            return Self::new(base.put(&[b"\"", name.as_bytes(), b"\""]), value);
        }
        let quoted = serde_json::Value::from(name).to_string();
        Self {
            unescaped: Some(base.put(&[name.as_bytes()])),
            ..Self::new(base.put(&[quoted.as_bytes()]), value)
        }
    }

    /// The field with another value.
    pub(super) fn with(self, value: Text, deadline: Option<u64>, private: bool) -> Self {
        let flash = match self.flash {
            Flash::Unread | Flash::Hidden => Flash::Unread,
            Flash::Read | Flash::ForNextRequest => Flash::ForNextRequest,
        };
        Self {
            value,
            deadline,
            flash,
            private,
            ..self
        }
    }

    /// Whether putting this value would change nothing that a cookie shows.
    pub(super) fn holds(&self, base: &Base, value: Text, deadline: Option<u64>) -> bool {
        self.flash != Flash::Read
            && self.deadline == deadline
            && base.get(self.value) == base.get(value)
    }

    pub(super) fn name(self) -> Text {
        self.unescaped.unwrap_or_else(|| self.key.unquoted())
    }

    pub(super) fn name_text(self, base: &Base) -> String {
        String::from_utf8_lossy(base.get(self.name())).into_owned()
    }

    /// Bytes of the `"key":value` pair.
    pub(super) fn pair_len(&self) -> usize {
        self.key.len() + 1 + self.value.len()
    }

    /// All of it that stands in the base.
    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut Text> {
        [&mut self.key, &mut self.value]
            .into_iter()
            .chain(&mut self.unescaped)
    }
}
