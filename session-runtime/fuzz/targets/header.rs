//! The header scanner, and which of several values is taken.

use std::sync::LazyLock;

use http::header::{COOKIE, HeaderMap, HeaderValue};
use session_runtime::CookieStore;

use super::format::{Head, Rules, SIGNED};
use super::{NAME, NOW, config, json, store};

/// What no header can hold stands for a value in the data: byte n for the nth of these.
static VALUES: LazyLock<[String; 8]> = LazyLock::new(|| {
    let now = Head::new(SIGNED);
    let born = NOW - 5_000;
    let earlier = Head {
        born,
        delta: 4_000,
        ..now
    };
    let other = Head { id: [8; 16], ..now };
    let retired = Head {
        born,
        delta: 4_500,
        key: 1,
        ..now
    };
    let expired = Head { born, ..now };
    let unknown = Head { key: 2, ..now };
    [
        now.seal(b"{}"),
        earlier.seal(br#"{"earlier":1}"#),
        other.seal(b"{}"),
        retired.seal(br#"{"retired":1}"#),
        expired.seal(b"{}"),
        unknown.seal(b"{}"),
        now.seal(b"no payload"),
        now.seal(br#"{"as late":1}"#),
    ]
});

static STORE: LazyLock<CookieStore> = LazyLock::new(|| store(config()));

/// The scanner agrees with a plain one, and of several values the latest that verifies is taken. A `@` in the data
/// stands for a good pair, a `\n` separates fields.
pub fn header(data: &[u8]) {
    let text = expand(data);
    let mut headers = HeaderMap::new();
    let mut fields = Vec::new();
    for field in text.split(|byte| *byte == b'\n').take(1_000) {
        if let Ok(value) = HeaderValue::from_bytes(field) {
            headers.append(COOKIE, value);
            fields.push(field);
        }
    }
    match (STORE.open(&headers), plain(&fields)) {
        (Ok(record), Ok((head, payload))) => {
            let (members, _) = json::members(&payload).expect("accepted");
            let names: Vec<String> = members.into_iter().map(|(name, _)| name).collect();
            assert_eq!(*record.id().as_bytes(), head.id);
            assert_eq!(record.keys(), names);
        }
        (found, plain) => assert_eq!(
            found.map_or_else(session_runtime::Refusal::as_str, |_| "accept"),
            plain.err().unwrap_or("accept")
        ),
    }
}

fn expand(data: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(data.len());
    for byte in data {
        match (byte, VALUES.get(usize::from(*byte).wrapping_sub(1))) {
            (b'@', _) => text.extend_from_slice(format!("{NAME}={}", VALUES[0]).as_bytes()),
            (_, Some(value)) => text.extend_from_slice(value.as_bytes()),
            _ => text.push(*byte),
        }
    }
    text
}

/// What the record holds that the fields bring, or the reason of the refusal.
fn plain(fields: &[&[u8]]) -> Result<(Head, Vec<u8>), &'static str> {
    let pairs = || {
        let pairs = fields.iter().map(|field| field.split(|byte| *byte == b';'));
        pairs.flatten()
    };
    if fields.iter().map(|field| field.len()).sum::<usize>() > 16 * 1024 || pairs().count() > 256 {
        return Err("too_long");
    }
    let mut values = Vec::new();
    for value in pairs().filter_map(plain_value) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.len() > 4 {
        return Err("duplicate");
    }
    let opened = values.iter().map(|value| Rules::new(SIGNED).open(value));
    let first_refusal = opened.clone().find_map(Result::err).unwrap_or("missing");
    let mut verified: Vec<_> = opened.filter_map(Result::ok).collect();
    // Stable: of two as late as each other the first stays last.
    verified.reverse();
    verified.sort_by_key(|(head, _)| head.issued_at());
    let (latest, payload) = verified.last().ok_or(first_refusal)?;
    if verified.iter().any(|(head, _)| head.id != latest.id) {
        return Err("duplicate");
    }
    json::members(payload).ok_or("payload")?;
    Ok((*latest, payload.clone()))
}

fn plain_value(pair: &[u8]) -> Option<&[u8]> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = pair.iter().position(|byte| !is_space(byte))?;
    let end = pair.iter().rposition(|byte| !is_space(byte))?;
    let pair = &pair[start..=end];
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    let value = &pair[equals + 1..];
    let is_quoted = value.len() > 1 && value.starts_with(b"\"") && value.ends_with(b"\"");
    let value = if is_quoted {
        &value[1..value.len() - 1]
    } else {
        value
    };
    (&pair[..equals] == NAME.as_bytes()).then_some(value)
}
