//! Go's gob format, as far as gorilla sessions use it: a `map[interface{}]interface{}` with its type definitions.
//!
//! The reader follows the type definitions in the stream and assumes nothing of a type id. Every key keeps its original
//! bytes. An unchanged key therefore has the same value and type in Go, even if JSON has no form for it.

mod decode;
mod encode;
mod reader;
#[cfg(test)]
mod tests;
mod types;
mod value;

use core::fmt;
use core::ops::Range;

use types::Types;

pub(crate) use decode::decode;
pub(crate) use encode::encode;

/// What a Go session holds. The default is a session that no Go program has written yet.
#[derive(Clone, Default)]
pub(crate) struct GoMap {
    source: Vec<u8>,
    map_id: i64,
    types: Types,
    pieces: Vec<Piece>,
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    /// `None` if the key is not a Go string or not UTF-8.
    key: Option<String>,
    /// `None` if JSON has no counterpart.
    json: Option<String>,
    /// The name of the value's Go type, in the source.
    go_type: Range<usize>,
    /// The range of key and value in the session's pieces.
    pieces: Range<usize>,
}

/// A part of an entry, in the source. Type definitions lie between the parts and belong to none.
#[derive(Clone)]
enum Piece {
    Raw(Range<usize>),
    Open { name: Range<usize>, id: i64 },
    Close,
}

/// The value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GoValue<'a> {
    /// JSON text.
    Json(&'a str),
    /// A Go value without a JSON counterpart. A write keeps its bytes.
    Foreign,
}

impl GoMap {
    /// Keys and values in the order of the stream. Entries whose key is not text are left out.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, GoValue<'_>)> {
        self.entries
            .iter()
            .filter_map(|entry| Some((entry.key.as_deref()?, entry.stored())))
    }

    /// The name of the Go type of the key's value, as it was read.
    pub(crate) fn go_type(&self, key: &str) -> Option<&str> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.key.as_deref() == Some(key))?;
        self.type_of(entry)
    }

    /// Whether the key's value has no JSON counterpart.
    pub(crate) fn is_foreign(&self, key: &str) -> bool {
        self.entries().any(|entry| entry == (key, GoValue::Foreign))
    }

    fn type_of(&self, entry: &Entry) -> Option<&str> {
        core::str::from_utf8(self.source.get(entry.go_type.clone())?).ok()
    }
}

impl Entry {
    fn stored(&self) -> GoValue<'_> {
        self.json.as_deref().map_or(GoValue::Foreign, GoValue::Json)
    }
}

/// Values stay out of logs.
impl fmt::Debug for GoMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoMap")
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

/// The bytes are not the gob of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(&'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Malformed {}

/// A JSON value that Go can't read without registering a type for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported(&'static str);

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Go reads null, booleans, numbers, strings, and lists of one kind of them; this is {}",
            self.0
        )
    }
}

impl std::error::Error for Unsupported {}
