//! Values to JSON text and back, and what the text is when it does not fit its type.

mod finite;
mod watch;

use core::any::type_name;
use std::borrow::Cow;
use std::io;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::BoxError;
use crate::raw::RawValue;
use finite::is_finite;
use watch::{Watched, write};

/// Any value as JSON. A number that JSON can't say is refused.
pub(crate) fn encode<T: Serialize>(value: &T, raw: &mut RawValue) -> Result<(), BoxError> {
    encode_finite(value, raw).map(drop)
}

/// A value as JSON from which the same type reads it back. What it would not read, or not as it was, is refused.
pub(crate) fn encode_readable<T: Serialize + DeserializeOwned>(
    value: &T,
    raw: &mut RawValue,
) -> Result<(), BoxError> {
    let written = encode_finite(value, raw)?;
    if reads_itself_back::<T>() {
        return Ok(());
    }
    let back: T = decode(raw.bytes()).map_err(|why| unreadable(&why.to_string()))?;
    // An untagged enum may have taken it for another variant, such as a fraction.
    if written.wide > 0 && write(&back, io::sink())?.wide != written.wide {
        return Err(unreadable(
            "a 128-bit integer becomes a number of another type",
        ));
    }
    Ok(())
}

fn encode_finite<T: Serialize>(value: &T, raw: &mut RawValue) -> Result<Watched, BoxError> {
    let written = write(value, raw)?;
    if written.null && !is_finite(value) {
        return Err("it holds a number that JSON has no text for: NaN or an infinity".into());
    }
    Ok(written)
}

fn unreadable(why: &str) -> BoxError {
    format!(
        "it would not read back ({why}). Types that serde buffers, tagged, untagged or flattened ones, read no maps \
         with numbers as keys, no 128-bit integers, and no fractions where `arbitrary_precision` of serde_json is on"
    )
    .into()
}

macro_rules! any_of {
    ($name:expr; $($ty:ty),+) => { $($name == type_name::<$ty>())||+ };
}

/// Whether the type is one of std whose every value reads back, which saves reading it. It is told by its name, since
/// a type that may borrow has no `TypeId`; a name that a compiler writes in another way costs time, nothing else.
fn reads_itself_back<T>() -> bool {
    let name = type_name::<T>();
    any_of!(name; String, Box<str>, Cow<'_, str>, bool, char, f32, f64)
        || any_of!(name; i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize)
}

pub(crate) fn decode<T: DeserializeOwned>(raw: &[u8]) -> Result<T, BoxError> {
    serde_json::from_slice(raw).map_err(|error| without_value(raw, &error).into())
}

/// serde's messages quote the value ("invalid type: string \"..\", expected i64"); keep only what the type says.
fn without_value(raw: &[u8], error: &serde_json::Error) -> String {
    let message = error.to_string();
    let quotes_value = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .any(|start| message.starts_with(start));
    let message = message
        .rsplit_once(" at line ")
        .map_or("", |(text, _)| text);
    let wanted = if quotes_value {
        message
            .rsplit_once(", expected ")
            .map(|(_, wanted)| format!("expected {wanted}, "))
    } else if message.starts_with("missing field `") {
        Some(format!("{message} in it, "))
    } else {
        None
    };
    let kind = kind(raw);
    let wanted = wanted.unwrap_or_default();
    format!(
        "{wanted}stored is {kind} (mismatch at its byte {})",
        error.column()
    )
}

/// Begins the text of a value that JSON can't say: a string that no type decodes, since it is no Unicode. A word that
/// says whose value it is comes next.
pub(crate) const FOREIGN: &str = "\"\\ud800";

/// What the text is, in words that show nothing of it.
pub(crate) fn kind(raw: &[u8]) -> Cow<'static, str> {
    let foreign = raw.strip_prefix(FOREIGN.as_bytes());
    if let Some(language) = foreign.and_then(|text| text.split(|&byte| byte == b' ').next()) {
        let language = String::from_utf8_lossy(language);
        return format!("a {language} value without a JSON form").into();
    }
    let kind = match raw.first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    };
    kind.into()
}
