//! Encodes JSON text as a Go value of a type that gob knows without registration.

use serde_json::value::RawValue;

use super::Unsupported;
use super::types::{BOOL, BYTES, FLOAT, INT, STRING, UINT};

/// A value as an interface holds it.
pub(super) enum Encoded {
    Nil,
    One {
        name: &'static str,
        id: i64,
        body: Vec<u8>,
    },
    /// A list that needs a definition. The id is the type id of its elements.
    List {
        name: &'static str,
        elem: i64,
        body: Vec<u8>,
    },
}

#[derive(Clone, Copy)]
enum Kind {
    Bool,
    Int(u32),
    Uint(u32),
    Float32,
    Float64,
    Text,
}

struct GoType {
    name: &'static str,
    list: &'static str,
    kind: Kind,
}

const fn go(name: &'static str, list: &'static str, kind: Kind) -> GoType {
    GoType { name, list, kind }
}

/// A value whose key has no known type gets one of the first five. Every list type would fit an empty list.
const TYPES: [GoType; 15] = [
    go("string", "[]string", Kind::Text),
    go("bool", "[]bool", Kind::Bool),
    go("int", "[]int", Kind::Int(64)),
    go("uint64", "[]uint64", Kind::Uint(64)),
    go("float64", "[]float64", Kind::Float64),
    go("int8", "[]int8", Kind::Int(8)),
    go("int16", "[]int16", Kind::Int(16)),
    go("int32", "[]int32", Kind::Int(32)),
    go("int64", "[]int64", Kind::Int(64)),
    go("uint", "[]uint", Kind::Uint(64)),
    go("uint8", BYTE_LIST, Kind::Uint(8)),
    go("uint16", "[]uint16", Kind::Uint(16)),
    go("uint32", "[]uint32", Kind::Uint(32)),
    go("uintptr", "[]uintptr", Kind::Uint(64)),
    go("float32", "[]float32", Kind::Float32),
];
const NATURAL: usize = 5;
/// Go's `[]byte`, the only list that needs no definition.
const BYTE_LIST: &str = "[]uint8";

enum Scalar {
    Bool(bool),
    Int(i64),
    /// An integer of more than 63 bits.
    Uint(u64),
    Float(f64),
    Text(String),
}

/// The value in the previous Go type of its key if it fits, else in the default Go type for this JSON.
pub(super) fn value(json: &str, go_type: Option<&str>) -> Result<Encoded, Unsupported> {
    match json.as_bytes().first() {
        Some(b'n') => Ok(Encoded::Nil),
        Some(b'[') => list(json, go_type),
        _ => {
            let scalars = [scalar(json)?];
            let ty = choose(&scalars, |ty| go_type == Some(ty.name))?;
            let mut body = vec![0];
            ty.kind.write(&scalars[0], &mut body);
            Ok(Encoded::One {
                name: ty.name,
                id: ty.kind.id(),
                body,
            })
        }
    }
}

fn list(json: &str, go_type: Option<&str>) -> Result<Encoded, Unsupported> {
    let elements: Vec<&RawValue> =
        serde_json::from_str(json).map_err(|_| Unsupported("no valid JSON"))?;
    let scalars = elements
        .iter()
        .map(|raw| scalar(raw.get()))
        .collect::<Result<Vec<_>, _>>()?;
    let ty = choose(&scalars, |ty| go_type == Some(ty.list))?;
    let mut body = vec![0];
    write_uint(scalars.len() as u64, &mut body);
    for scalar in &scalars {
        match (ty.list, scalar) {
            (BYTE_LIST, Scalar::Int(byte)) => body.extend(u8::try_from(*byte)),
            _ => ty.kind.write(scalar, &mut body),
        }
    }
    let name = ty.list;
    Ok(if name == BYTE_LIST {
        Encoded::One {
            name,
            id: BYTES,
            body,
        }
    } else {
        Encoded::List {
            name,
            elem: ty.kind.id(),
            body,
        }
    })
}

fn choose(
    scalars: &[Scalar],
    had: impl Fn(&GoType) -> bool,
) -> Result<&'static GoType, Unsupported> {
    let fits = |ty: &&GoType| scalars.iter().all(|scalar| ty.kind.fits(scalar));
    let kept = TYPES.iter().find(|ty| had(ty)).filter(fits);
    kept.or_else(|| TYPES[..NATURAL].iter().find(fits))
        .ok_or(Unsupported("a list of several kinds"))
}

fn scalar(json: &str) -> Result<Scalar, Unsupported> {
    match json.as_bytes().first() {
        Some(b't') => Ok(Scalar::Bool(true)),
        Some(b'f') => Ok(Scalar::Bool(false)),
        Some(b'"') => serde_json::from_str(json)
            .map(Scalar::Text)
            .map_err(|_| Unsupported("a string of no valid Unicode")),
        Some(b'n') => Err(Unsupported("a list with null in it")),
        Some(b'[') => Err(Unsupported("a list of lists")),
        Some(b'{') => Err(Unsupported("an object")),
        _ if json.contains(['.', 'e', 'E']) => match json.parse() {
            Ok(float) if f64::is_finite(float) => Ok(Scalar::Float(float)),
            _ => Err(Unsupported("a number beyond float64")),
        },
        _ => json
            .parse()
            .map(Scalar::Int)
            .or_else(|_| json.parse().map(Scalar::Uint))
            .map_err(|_| Unsupported("an integer beyond 64 bits")),
    }
}

impl Kind {
    fn id(self) -> i64 {
        match self {
            Self::Bool => BOOL,
            Self::Int(_) => INT,
            Self::Uint(_) => UINT,
            Self::Float32 | Self::Float64 => FLOAT,
            Self::Text => STRING,
        }
    }

    /// Whether the value reads back as the same JSON. An integer does not fit the float types: `3` would come back as
    /// `3.0`, which serde does not decode as an integer.
    fn fits(self, scalar: &Scalar) -> bool {
        match (self, scalar) {
            (Self::Bool, Scalar::Bool(_))
            | (Self::Text, Scalar::Text(_))
            | (Self::Float64, Scalar::Float(_)) => true,
            (Self::Int(bits), Scalar::Int(value)) => {
                value >> (bits - 1) == 0 || value >> (bits - 1) == -1
            }
            (Self::Uint(bits), Scalar::Int(value)) => {
                u64::try_from(*value).is_ok_and(|value| bits == 64 || value >> bits == 0)
            }
            (Self::Uint(bits), Scalar::Uint(_)) => bits == 64,
            (Self::Float32, Scalar::Float(value)) => narrow(*value)
                .to_string()
                .parse::<f64>()
                .is_ok_and(|same| same.to_bits() == value.to_bits()),
            _ => false,
        }
    }

    fn write(self, scalar: &Scalar, body: &mut Vec<u8>) {
        match scalar {
            Scalar::Bool(value) => body.push(u8::from(*value)),
            Scalar::Int(value) if matches!(self, Self::Uint(_)) => {
                write_uint(value.cast_unsigned(), body);
            }
            Scalar::Int(value) => write_int(*value, body),
            Scalar::Uint(value) => write_uint(*value, body),
            Scalar::Float(value) if matches!(self, Self::Float32) => {
                write_float(f64::from(narrow(*value)), body);
            }
            Scalar::Float(value) => write_float(*value, body),
            Scalar::Text(text) => write_bytes(text.as_bytes(), body),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the caller asks whether the shorter number still says the same"
)]
fn narrow(value: f64) -> f32 {
    value as f32
}

pub(super) fn write_uint(value: u64, out: &mut Vec<u8>) {
    let bytes = value.to_be_bytes();
    if value < 0x80 {
        out.push(bytes[7]);
        return;
    }
    let unused = value.leading_zeros() / 8;
    // The byte count, negated in one byte: 8 bytes are 0xf8.
    out.push(0xf8 + unused.to_le_bytes()[0]);
    out.extend(&bytes[unused as usize..]);
}

pub(super) fn write_int(value: i64, out: &mut Vec<u8>) {
    let bits = value.cast_unsigned();
    write_uint(if value < 0 { !bits << 1 | 1 } else { bits << 1 }, out);
}

fn write_float(value: f64, out: &mut Vec<u8>) {
    write_uint(value.to_bits().swap_bytes(), out);
}

pub(super) fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    write_uint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}
