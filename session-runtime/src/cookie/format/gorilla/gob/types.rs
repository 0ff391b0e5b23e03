//! The type definitions of a stream, and the type ids that need no definition.

use std::collections::BTreeMap;

use super::Malformed;
use super::reader::{Reader, Result};

pub(super) const BOOL: i64 = 1;
pub(super) const INT: i64 = 2;
pub(super) const UINT: i64 = 3;
pub(super) const FLOAT: i64 = 4;
pub(super) const BYTES: i64 = 5;
pub(super) const STRING: i64 = 6;
pub(super) const COMPLEX: i64 = 7;
pub(super) const INTERFACE: i64 = 8;
/// The stream defines the ids from this one on.
pub(super) const FIRST_DEFINED: i64 = 64;

pub(super) type Types = BTreeMap<i64, Definition>;

#[derive(Clone)]
pub(super) struct Definition {
    pub(super) wire: WireType,
    /// The bytes of the definition in the stream, after its id.
    pub(super) bytes: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum WireType {
    Array {
        elem: i64,
        len: u64,
    },
    Slice {
        elem: i64,
    },
    Struct {
        fields: Vec<i64>,
    },
    Map([i64; 2]),
    /// A Go type that encodes itself, such as `time.Time`.
    Opaque,
}

impl WireType {
    /// `map[interface{}]interface{}`.
    pub(super) const SESSION: Self = Self::Map([INTERFACE, INTERFACE]);

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let mut wire = None;
        fields(reader, |reader, field| {
            wire = Some(match field {
                0 => Self::read_array(reader)?,
                1 => {
                    let [elem] = numbers(reader)?;
                    Self::Slice { elem }
                }
                2 => Self::read_struct(reader)?,
                3 => Self::Map(numbers(reader)?),
                4..=6 => {
                    let [] = numbers(reader)?;
                    Self::Opaque
                }
                _ => return Err(UNKNOWN_FIELD),
            });
            Ok(())
        })?;
        wire.ok_or(Malformed("a type definition without a type"))
    }

    fn read_array(reader: &mut Reader<'_>) -> Result<Self> {
        let [elem, len] = numbers(reader)?;
        let len = u64::try_from(len).map_err(|_| Malformed("an array of negative length"))?;
        Ok(Self::Array { elem, len })
    }

    fn read_struct(reader: &mut Reader<'_>) -> Result<Self> {
        let mut ids = Vec::new();
        fields(reader, |reader, field| match field {
            0 => common(reader),
            1 => {
                for _ in 0..reader.uint()? {
                    ids.push(field_id(reader)?);
                }
                Ok(())
            }
            _ => Err(UNKNOWN_FIELD),
        })?;
        Ok(Self::Struct { fields: ids })
    }

    /// The types that the definition names, in the order in which Go sends their definitions.
    pub(super) fn parts(&self) -> &[i64] {
        match self {
            Self::Array { elem, .. } | Self::Slice { elem } => core::slice::from_ref(elem),
            Self::Struct { fields } => fields,
            Self::Map(parts) => parts,
            Self::Opaque => &[],
        }
    }
}

const UNKNOWN_FIELD: Malformed = Malformed("an unknown field in a type definition");

/// Reads a struct. Before each field is its distance from the field before it. A zero ends the struct.
pub(super) fn fields(
    reader: &mut Reader<'_>,
    mut read: impl FnMut(&mut Reader<'_>, u64) -> Result<()>,
) -> Result<()> {
    let mut next = 0_u64;
    loop {
        let delta = reader.uint()?;
        if delta == 0 {
            return Ok(());
        }
        next = next
            .checked_add(delta)
            .ok_or(Malformed("a field number beyond 64 bits"))?;
        read(reader, next - 1)?;
    }
}

/// Skips the start of every definition: the type's name and id. The stream repeats both elsewhere.
fn common(reader: &mut Reader<'_>) -> Result<()> {
    fields(reader, |reader, field| match field {
        0 => reader.bytes().map(drop),
        1 => reader.int().map(drop),
        _ => Err(UNKNOWN_FIELD),
    })
}

fn numbers<const N: usize>(reader: &mut Reader<'_>) -> Result<[i64; N]> {
    let mut numbers = [0; N];
    fields(reader, |reader, field| {
        let Some(index) = field.checked_sub(1) else {
            return common(reader);
        };
        let slot = usize::try_from(index)
            .ok()
            .and_then(|index| numbers.get_mut(index));
        *slot.ok_or(UNKNOWN_FIELD)? = reader.int()?;
        Ok(())
    })?;
    Ok(numbers)
}

fn field_id(reader: &mut Reader<'_>) -> Result<i64> {
    let mut id = 0;
    fields(reader, |reader, field| match field {
        0 => reader.bytes().map(drop),
        1 => {
            id = reader.int()?;
            Ok(())
        }
        _ => Err(UNKNOWN_FIELD),
    })?;
    Ok(id)
}
