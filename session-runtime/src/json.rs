//! Values to JSON text and back, and what the text is when it does not fit its type.

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::BoxError;
use crate::raw::RawValue;

pub(crate) fn encode<T: Serialize>(value: &T, raw: &mut RawValue) -> Result<(), BoxError> {
    Ok(serde_json::to_writer(raw, value)?)
}

/// JSON has no NaN, and some types write `null` for what they can't say: caught here, before the value is lost.
pub(crate) fn encode_readable<T: Serialize + DeserializeOwned>(
    value: &T,
    raw: &mut RawValue,
) -> Result<(), BoxError> {
    encode(value, raw)?;
    if raw.bytes() == b"null" && serde_json::from_slice::<T>(raw.bytes()).is_err() {
        return Err(
            "it would be stored as `null`, which does not read back (a NaN or infinity?)".into(),
        );
    }
    Ok(())
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
fn kind(raw: &[u8]) -> Cow<'static, str> {
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
