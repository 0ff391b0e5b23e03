//! Decodes gob bytes to a session. One pass records the position of each value and writes the value as JSON.

use core::fmt::Write;
use core::ops::Range;

use super::reader::{Reader, Result};
use super::types::{
    BOOL, BYTES, COMPLEX, Definition, FIRST_DEFINED, FLOAT, INT, INTERFACE, STRING, Types, UINT,
    WireType,
};
use super::{Entry, GoMap, Malformed, Piece};

/// The JSON readers of this crate accept no deeper nesting.
const MAX_DEPTH: usize = 128;
const TWICE: Malformed = Malformed("a key twice");

/// Reads a session. Bytes after it are ignored, as in Go.
pub(crate) fn decode(input: &[u8]) -> Result<GoMap> {
    let mut walk = Walk {
        reader: Reader::new(input),
        input,
        types: Types::new(),
        pieces: Vec::new(),
        raw_from: 0,
        json: String::new(),
        readable: true,
        nil_keys: 0,
    };
    let map_id = walk.type_id()?;
    if walk
        .types
        .get(&map_id)
        .is_none_or(|map| map.wire != WireType::SESSION)
    {
        return Err(Malformed("it is no map[interface{}]interface{}"));
    }
    walk.not_a_struct()?;
    let count = walk.reader.uint()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        entries.push(walk.entry()?);
    }
    reject_duplicates(&entries)?;
    let Walk { types, pieces, .. } = walk;
    Ok(GoMap {
        source: input.to_vec(),
        map_id,
        types,
        pieces,
        entries,
    })
}

/// A Go map never has a key twice. If the reader took the last one, a write would repeat both.
fn reject_duplicates(entries: &[Entry]) -> Result<()> {
    let mut keys: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.key.as_deref())
        .collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(TWICE);
    }
    Ok(())
}

struct Walk<'a> {
    reader: Reader<'a>,
    input: &'a [u8],
    types: Types,
    pieces: Vec<Piece>,
    /// The start of the bytes that are not yet in a piece.
    raw_from: usize,
    /// The value so far. It is void once `readable` is false.
    json: String,
    readable: bool,
    nil_keys: u32,
}

/// An interface value: the name of the type in it (empty for nil), its id and its value.
struct Interface {
    name: Range<usize>,
    id: i64,
    json: Option<String>,
}

impl Walk<'_> {
    fn entry(&mut self) -> Result<Entry> {
        let first = self.pieces.len();
        let key = self.whole_interface()?;
        let value = self.whole_interface()?;
        self.nil_keys += u32::from(key.name.is_empty());
        if self.nil_keys > 1 {
            return Err(TWICE);
        }
        let is_text = self.input[key.name] == *b"string" && key.id == STRING;
        Ok(Entry {
            key: key
                .json
                .filter(|_| is_text)
                .and_then(|json| serde_json::from_str(&json).ok()),
            json: value.json,
            go_type: value.name,
            pieces: first..self.pieces.len(),
        })
    }

    fn whole_interface(&mut self) -> Result<Interface> {
        self.raw_from = self.reader.at();
        self.readable = true;
        self.json.clear();
        let (name, id) = self.interface(0)?;
        self.end_raw(self.reader.at());
        let json = self.readable.then(|| self.json.as_str().into());
        Ok(Interface { name, id, json })
    }

    fn interface(&mut self, depth: usize) -> Result<(Range<usize>, i64)> {
        let start = self.reader.at();
        let name = self.reader.range()?;
        if name.is_empty() {
            self.json.push_str("null");
            return Ok((name, 0));
        }
        self.end_raw(start);
        let id = self.type_id()?;
        self.reader.uint()?; // the value's length, for readers that skip it
        self.pieces.push(Piece::Open {
            name: name.clone(),
            id,
        });
        self.raw_from = self.reader.at();
        if !matches!(self.wire(id), Some(WireType::Struct { .. })) {
            self.not_a_struct()?;
        }
        let name_text = &self.input[name.clone()];
        let is_float32 = name_text == b"float32" || name_text.ends_with(b"]float32");
        self.value(id, is_float32, depth + 1)?;
        self.end_raw(self.reader.at());
        self.pieces.push(Piece::Close);
        Ok((name, id))
    }

    /// Reads type definitions, then the id of the value after them. A definition ends its message. Inside of a value,
    /// the length of the rest of the value follows the definition.
    fn type_id(&mut self) -> Result<i64> {
        loop {
            if self.reader.message_ended() {
                self.reader.next_message()?;
            }
            let id = self.reader.id()?;
            if id >= 0 {
                return Ok(id);
            }
            self.define(-id)?;
            if !self.reader.message_ended() {
                self.reader.uint()?;
            }
        }
    }

    fn define(&mut self, id: i64) -> Result<()> {
        let start = self.reader.at();
        let wire = WireType::read(&mut self.reader)?;
        let bytes = self.input[start..self.reader.at()].to_vec();
        let known = self.types.insert(id, Definition { wire, bytes });
        if id < FIRST_DEFINED || known.is_some() {
            return Err(Malformed("a type defined twice"));
        }
        Ok(())
    }

    fn wire(&self, id: i64) -> Option<&WireType> {
        self.types.get(&id).map(|definition| &definition.wire)
    }

    /// Gob writes a zero before every value that is not a struct.
    fn not_a_struct(&mut self) -> Result<()> {
        match self.reader.uint()? {
            0 => Ok(()),
            _ => Err(Malformed("a value that does not begin with zero")),
        }
    }

    fn value(&mut self, id: i64, is_float32: bool, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(Malformed("a value nested too deep"));
        }
        match id {
            BOOL => {
                let value = self.reader.uint()? != 0;
                self.say(value);
            }
            INT => {
                let value = self.reader.int()?;
                self.say(value);
            }
            UINT => {
                let value = self.reader.uint()?;
                self.say(value);
            }
            FLOAT => self.float(is_float32)?,
            BYTES => self.bytes()?,
            STRING => self.string()?,
            COMPLEX => {
                self.reader.float()?;
                self.reader.float()?;
                self.readable = false;
            }
            INTERFACE => {
                self.interface(depth)?;
            }
            _ => self.composite(id, is_float32, depth)?,
        }
        Ok(())
    }

    fn composite(&mut self, id: i64, is_float32: bool, depth: usize) -> Result<()> {
        match self.wire(id) {
            None => Err(Malformed("a type that is not defined")),
            Some(&WireType::Slice { elem }) => self.list(elem, None, is_float32, depth),
            Some(&WireType::Array { elem, len }) => self.list(elem, Some(len), is_float32, depth),
            Some(&WireType::Map([key, elem])) => self.map(key, elem, is_float32, depth),
            Some(WireType::Struct { .. }) => self.structure(id, depth),
            Some(WireType::Opaque) => {
                self.readable = false;
                self.reader.bytes().map(drop)
            }
        }
    }

    fn list(&mut self, elem: i64, len: Option<u64>, is_float32: bool, depth: usize) -> Result<()> {
        let count = self.reader.uint()?;
        if len.is_some_and(|len| len != count) {
            return Err(Malformed("an array of another length than its type"));
        }
        self.json.push('[');
        for index in 0..count {
            self.comma(index == 0);
            self.value(elem, is_float32, depth + 1)?;
        }
        self.json.push(']');
        Ok(())
    }

    fn map(&mut self, key: i64, elem: i64, is_float32: bool, depth: usize) -> Result<()> {
        self.readable &= key == STRING;
        let count = self.reader.uint()?;
        self.json.push('{');
        for index in 0..count {
            self.comma(index == 0);
            self.value(key, false, depth + 1)?;
            self.json.push(':');
            self.value(elem, is_float32, depth + 1)?;
        }
        self.json.push('}');
        Ok(())
    }

    fn structure(&mut self, id: i64, depth: usize) -> Result<()> {
        self.readable = false;
        let mut next = 0_usize;
        loop {
            let delta = usize::try_from(self.reader.uint()?).unwrap_or(usize::MAX);
            if delta == 0 {
                return Ok(());
            }
            next = next.saturating_add(delta);
            let field = match self.wire(id) {
                Some(WireType::Struct { fields }) => fields.get(next - 1).copied(),
                _ => None,
            };
            let field = field.ok_or(Malformed("a field that its struct has not"))?;
            self.value(field, false, depth + 1)?;
        }
    }

    /// Writes a float32 as short as Go prints it. The stream holds the float64 that equals it.
    fn float(&mut self, is_float32: bool) -> Result<()> {
        let value = self.reader.float()?;
        self.readable &= value.is_finite();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked: only a number that is a float32 is one"
        )]
        let short = value as f32;
        let json = if is_float32 && f64::from(short).to_bits() == value.to_bits() {
            serde_json::to_string(&short)
        } else {
            serde_json::to_string(&value)
        };
        self.json.push_str(&json.expect("a float has a JSON text"));
        Ok(())
    }

    fn bytes(&mut self) -> Result<()> {
        self.json.push('[');
        for (index, byte) in self.reader.bytes()?.iter().enumerate() {
            self.comma(index == 0);
            self.say(byte);
        }
        self.json.push(']');
        Ok(())
    }

    fn string(&mut self) -> Result<()> {
        let json = core::str::from_utf8(self.reader.bytes()?)
            .ok()
            .and_then(|text| serde_json::to_string(text).ok());
        match json {
            Some(json) => self.json.push_str(&json),
            None => self.readable = false,
        }
        Ok(())
    }

    fn say(&mut self, value: impl core::fmt::Display) {
        // Writing to a String does not fail.
        let _ = write!(self.json, "{value}");
    }

    fn comma(&mut self, is_first: bool) {
        if !is_first {
            self.json.push(',');
        }
    }

    fn end_raw(&mut self, end: usize) {
        if self.raw_from < end {
            self.pieces.push(Piece::Raw(self.raw_from..end));
        }
        self.raw_from = end;
    }
}
