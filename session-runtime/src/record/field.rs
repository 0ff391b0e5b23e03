//! One key of a record and its raw JSON value.

use super::buffer::{Buffer, Span};
use super::json::is_plain;

/// Where a flash value stands between the request that put it and the one that shows it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Flash {
    #[default]
    Unread,
    /// Read: here for the rest of the request, not in the next cookie.
    Read,
    /// Taken where nothing is shown to the visitor: gone for the rest of the request, and still in the next cookie.
    Hidden,
    /// Put in a request that had read an earlier value: for the next request, whoever reads it in this one.
    ForNextRequest,
}

#[derive(Clone)]
pub(super) struct Field {
    /// The key as JSON text, with its quotes.
    pub(super) key: Span,
    pub(super) value: Span,
    /// Put in this request.
    pub(super) is_put: bool,
    /// Few fields have more.
    rare: Option<Box<Rare>>,
}

/// What is as it was in a field without it.
#[derive(Clone, Default, PartialEq, Eq)]
struct Rare {
    /// The name, where it differs from the key's text between the quotes.
    unescaped: Option<Box<str>>,
    deadline: Option<u64>,
    flash: Flash,
    private: bool,
}

impl Field {
    /// A field as it comes.
    pub(super) fn new(key: Span, value: Span) -> Self {
        Self {
            key,
            value,
            is_put: false,
            rare: None,
        }
    }

    /// A field under a new name, which is put into the buffer.
    pub(super) fn named(name: &str, value: Span, buffer: &mut Buffer) -> Self {
        if is_plain(name.as_bytes()) {
            return Self::new(buffer.put(&[b"\"", name.as_bytes(), b"\""]), value);
        }
        let quoted = serde_json::Value::from(name).to_string();
        let mut field = Self::new(buffer.put(&[quoted.as_bytes()]), value);
        field.set_unescaped(name.into());
        field
    }

    pub(super) fn set_unescaped(&mut self, name: Box<str>) {
        self.edit(|rare| rare.unescaped = Some(name));
    }

    /// The field with another value, put now.
    pub(super) fn with(mut self, value: Span, deadline: Option<u64>, private: bool) -> Self {
        self.value = value;
        self.is_put = true;
        let flash = match self.flash() {
            Flash::Unread | Flash::Hidden => Flash::Unread,
            Flash::Read | Flash::ForNextRequest => Flash::ForNextRequest,
        };
        self.edit(|rare| {
            (rare.deadline, rare.flash, rare.private) = (deadline, flash, private);
        });
        self
    }

    /// Whether putting this value would change nothing that a cookie shows.
    pub(super) fn holds(&self, buffer: &Buffer, value: Span, deadline: Option<u64>) -> bool {
        self.flash() != Flash::Read
            && self.deadline() == deadline
            && buffer.get(self.value) == buffer.get(value)
    }

    pub(super) fn name<'a>(&'a self, buffer: &'a Buffer) -> &'a [u8] {
        match self
            .rare
            .as_ref()
            .and_then(|rare| rare.unescaped.as_deref())
        {
            Some(name) => name.as_bytes(),
            None => buffer.get(self.key.unquoted()),
        }
    }

    pub(super) fn name_text(&self, buffer: &Buffer) -> String {
        String::from_utf8_lossy(self.name(buffer)).into_owned()
    }

    /// When the value disappears, in seconds since 1970.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.rare.as_ref()?.deadline
    }

    pub(super) fn set_deadline(&mut self, deadline: Option<u64>) {
        self.edit(|rare| rare.deadline = deadline);
    }

    pub(super) fn flash(&self) -> Flash {
        self.rare.as_ref().map_or(Flash::Unread, |rare| rare.flash)
    }

    pub(super) fn set_flash(&mut self, flash: Flash) {
        self.edit(|rare| rare.flash = flash);
    }

    /// Whether it was put under a key that an unencrypted cookie must not carry.
    pub(super) fn is_private(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.private)
    }

    /// Bytes of the `"key":value` pair.
    pub(super) fn pair_len(&self) -> usize {
        self.key.len() + 1 + self.value.len()
    }

    /// All of it that stands in the buffer.
    pub(super) fn spans(&mut self) -> [&mut Span; 2] {
        [&mut self.key, &mut self.value]
    }

    fn edit(&mut self, change: impl FnOnce(&mut Rare)) {
        let mut rare = self.rare.take().map(|rare| *rare).unwrap_or_default();
        change(&mut rare);
        if rare != Rare::default() {
            self.rare = Some(Box::new(rare));
        }
    }
}
