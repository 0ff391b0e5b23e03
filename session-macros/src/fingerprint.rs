//! `FINGERPRINT`: one number over what decides how a session reads.

use std::fmt::Write;

use crate::attr::Fallback;
use crate::model::Field;
use crate::types::source;

/// FNV-1a 64 over one line a key, sorted by name, since the order of fields decides nothing.
pub(crate) fn of(fields: &[Field<'_>]) -> u64 {
    let mut lines: Vec<String> = fields.iter().map(line).collect();
    lines.sort_unstable();
    lines
        .iter()
        .fold(FNV_OFFSET, |hash, line| fnv1a(hash, line))
}

/// `"return_to": String; ttl=900` and so on, in a fixed order of options.
fn line(field: &Field<'_>) -> String {
    let mut line = format!("{:?}: {}", field.key, source(&field.ty));
    let mut add = |option: &str, value: &str| {
        let _ = write!(line, "; {option}{value}");
    };
    let mut aliases = field.aliases.clone();
    aliases.sort_unstable();
    for alias in &aliases {
        add("alias=", &format!("{alias:?}"));
    }
    let options = &field.options;
    match options.default.as_ref().map(|default| &default.value) {
        Some(Fallback::OfType) => add("default", ""),
        Some(Fallback::Expr(expr)) => add("default=", &source(expr)),
        None => {}
    }
    if options.flash.is_some() {
        add("flash", "");
    }
    if let Some(seconds) = &options.ttl {
        add("ttl=", &seconds.value.to_string());
    }
    if let Some(bytes) = &options.max_len {
        add("max_len=", &bytes.value.to_string());
    }
    if options.private.is_some() {
        add("private", "");
    }
    if options.owner.is_some() {
        add("owner", "");
    }
    if let Some(status) = &options.missing {
        add("missing=", &status.value.to_string());
    }
    line.push('\n');
    line
}

/// The hash of nothing.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of what was hashed and the text after it.
fn fnv1a(hash: u64, text: &str) -> u64 {
    text.bytes().fold(hash, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{FNV_OFFSET, fnv1a};

    #[test]
    fn published_values_of_fnv1a() {
        assert_eq!(fnv1a(FNV_OFFSET, ""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(FNV_OFFSET, "a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(FNV_OFFSET, "foobar"), 0x8594_4171_f739_67e8);
    }
}
