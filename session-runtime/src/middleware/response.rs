//! `Vary` and `Cache-Control`: no cache may give one visitor another one's page or cookie.

use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, VARY};

use super::headers::replace;

/// For a response whose session was touched. Each field is added first: few responses have it yet.
pub(super) fn mark(headers: &mut HeaderMap, sets_cookie: bool) {
    let cookie = const { HeaderValue::from_static("Cookie") };
    if headers.append(VARY, cookie) {
        drop_repeated_vary(headers);
    }
    let alone = if sets_cookie {
        const { HeaderValue::from_static("no-store") }
    } else {
        const { HeaderValue::from_static("private") }
    };
    if headers.append(CACHE_CONTROL, alone.clone()) {
        let mut fields = headers.get_all(CACHE_CONTROL).iter();
        fields.next_back();
        let directives = private(fields);
        headers.insert(CACHE_CONTROL, directives.unwrap_or(alone));
    }
}

/// Takes the last `Vary` back where one before it says the same.
fn drop_repeated_vary(headers: &mut HeaderMap) {
    let named = |field: &HeaderValue| {
        let mut names = field
            .as_bytes()
            .split(|&byte| byte == b',')
            .map(<[u8]>::trim_ascii);
        names.any(|name| name == b"*" || name.eq_ignore_ascii_case(b"cookie"))
    };
    let mut before: Vec<HeaderValue> = headers.get_all(VARY).iter().cloned().collect();
    before.pop();
    if before.iter().any(named) {
        replace(headers, &VARY, before);
    }
}

/// What the response said, without `public` and `s-maxage`, with `private`.
fn private<'a>(fields: impl Iterator<Item = &'a HeaderValue>) -> Option<HeaderValue> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for directive in fields.flat_map(|field| directives(field.as_bytes())) {
        let name = directive
            .split(|&byte| byte == b'=')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        let shared = [&b"public"[..], b"s-maxage"];
        // `private` with a list of fields makes only these private.
        let dropped = shared.iter().any(|other| name.eq_ignore_ascii_case(other))
            || name.eq_ignore_ascii_case(b"private");
        if !dropped && !directive.is_empty() {
            kept.push(directive);
        }
    }
    kept.push(b"private");
    HeaderValue::from_bytes(&kept.join(&b", "[..])).ok()
}

/// The directives of one field; a comma within quotes separates nothing.
fn directives(field: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    field
        .split(move |&byte| {
            let in_quotes = quoted;
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ => {}
            }
            byte == b',' && !in_quotes
        })
        .map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests;
