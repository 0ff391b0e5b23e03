//! Encodes a session to gob bytes in the layout of Go's own encoder. A session that Go wrote and nobody changed keeps
//! its bytes.

use super::types::{Definition, FIRST_DEFINED, STRING, Types, WireType};
use super::value::{self, Encoded, write_bytes, write_int, write_uint};
use super::{Entry, GoMap, GoValue, Piece, Unsupported};

/// Writes the values of `entries` over the session that was read. Unchanged values and values without a JSON
/// counterpart keep their bytes. Text keys that are not in `entries` are left out; other keys stay.
///
/// The error names the key that Go could not read.
pub(crate) fn encode<'a>(
    read: &'a GoMap,
    entries: &[(&'a str, GoValue<'a>)],
) -> Result<Vec<u8>, (&'a str, Unsupported)> {
    let mut plan = Vec::new();
    for entry in &read.entries {
        let Some(key) = &entry.key else {
            plan.push(Item::Kept(entry));
            continue;
        };
        match entries.iter().find(|(name, _)| name == key) {
            Some(&(_, stored)) if stored == entry.stored() => plan.push(Item::Kept(entry)),
            Some(&(key, GoValue::Json(json))) => {
                plan.push(Item::put(key, json, read.type_of(entry))?);
            }
            _ => {}
        }
    }
    for &(key, stored) in entries {
        let is_new = read.entries().all(|(known, _)| known != key);
        if let (GoValue::Json(json), true) = (stored, is_new) {
            plan.push(Item::put(key, json, None)?);
        }
    }
    Ok(write(read, plan))
}

enum Item<'a> {
    Kept(&'a Entry),
    Put(&'a str, Encoded),
}

impl<'a> Item<'a> {
    fn put(
        key: &'a str,
        json: &str,
        go_type: Option<&str>,
    ) -> Result<Self, (&'a str, Unsupported)> {
        let value = value::value(json, go_type).map_err(|unsupported| (key, unsupported))?;
        Ok(Self::Put(key, value))
    }
}

fn write(read: &GoMap, plan: Vec<Item<'_>>) -> Vec<u8> {
    let mut writer = Writer {
        types: read.types.clone(),
        defined: Vec::new(),
        buffers: vec![Vec::new(), Vec::new()],
    };
    let map_id = if read.types.is_empty() {
        writer.id_of(WireType::SESSION)
    } else {
        read.map_id
    };
    writer.begin(map_id);
    let message = writer.top();
    message.push(0);
    write_uint(plan.len() as u64, message);
    for item in plan {
        match item {
            Item::Kept(entry) => writer.pieces(&read.source, &read.pieces[entry.pieces.clone()]),
            Item::Put(key, value) => writer.put(key, value),
        }
    }
    writer.end();
    writer.close()
}

struct Writer {
    types: Types,
    defined: Vec<i64>,
    /// The stream, the message, and a buffer for each interface value that is being written.
    buffers: Vec<Vec<u8>>,
}

impl Writer {
    fn top(&mut self) -> &mut Vec<u8> {
        if self.buffers.is_empty() {
            self.buffers.push(Vec::new());
        }
        let last = self.buffers.len() - 1;
        &mut self.buffers[last]
    }

    fn pieces(&mut self, source: &[u8], pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Raw(range) => self.top().extend_from_slice(&source[range.clone()]),
                Piece::Open { name, id } => self.open(&source[name.clone()], *id),
                Piece::Close => self.end(),
            }
        }
    }

    fn put(&mut self, key: &str, value: Encoded) {
        let mut text = vec![0];
        write_bytes(key.as_bytes(), &mut text);
        self.interface("string", STRING, &text);
        match value {
            Encoded::Nil => self.top().push(0),
            Encoded::One { name, id, body } => self.interface(name, id, &body),
            Encoded::List { name, elem, body } => {
                let id = self.id_of(WireType::Slice { elem });
                self.interface(name, id, &body);
            }
        }
    }

    fn interface(&mut self, name: &str, id: i64, body: &[u8]) {
        self.open(name.as_bytes(), id);
        self.top().extend_from_slice(body);
        self.end();
    }

    fn open(&mut self, name: &[u8], id: i64) {
        write_bytes(name, self.top());
        self.begin(id);
        self.buffers.push(Vec::new());
    }

    fn close(&mut self) -> Vec<u8> {
        let bytes = self.buffers.pop();
        bytes.expect("what is closed was begun")
    }

    /// Closes the topmost buffer and writes its length and bytes to the buffer below.
    fn end(&mut self) {
        let bytes = self.close();
        write_bytes(&bytes, self.top());
    }

    /// Writes a type's id after the definitions that are still missing. Each definition closes the current message, and
    /// the value continues in a new one.
    fn begin(&mut self, id: i64) {
        let mut wanted = vec![id];
        while let Some(id) = wanted.pop() {
            if self.defined.contains(&id) {
                continue;
            }
            let Some(definition) = self.types.get(&id) else {
                continue;
            };
            wanted.extend(definition.wire.parts().iter().rev());
            let bytes = definition.bytes.clone();
            self.defined.push(id);
            write_int(-id, self.top());
            self.top().extend_from_slice(&bytes);
            self.end();
            self.buffers.push(Vec::new());
        }
        write_int(id, self.top());
    }

    /// The id of this type: the id that the session has for it, or a new one.
    fn id_of(&mut self, wire: WireType) -> i64 {
        let known = self
            .types
            .iter()
            .find(|(_, definition)| definition.wire == wire);
        if let Some((id, _)) = known {
            return *id;
        }
        let mut id = FIRST_DEFINED;
        while self.types.contains_key(&id) {
            id += 1;
        }
        let bytes = definition_bytes(&wire, id);
        self.types.insert(id, Definition { wire, bytes });
        id
    }
}

/// A definition as Go writes it: the field for the kind of type, with the type's id and the ids of its parts inside.
fn definition_bytes(wire: &WireType, id: i64) -> Vec<u8> {
    let form = if matches!(wire, WireType::Map(_)) {
        4
    } else {
        2
    };
    let mut bytes = vec![form, 1, 2];
    write_int(id, &mut bytes);
    bytes.push(0);
    for part in wire.parts() {
        bytes.push(1);
        write_int(*part, &mut bytes);
    }
    bytes.extend([0, 0]);
    bytes
}
