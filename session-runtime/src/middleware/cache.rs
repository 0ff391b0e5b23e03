//! `Vary` and `Cache-Control`: no cache may give one visitor another one's page or cookie.

use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, VARY};

/// For a response whose session was touched.
pub(super) fn mark(headers: &mut HeaderMap, sets_cookie: bool) {
    vary_by_cookie(headers);
    let without = if sets_cookie { "no-store" } else { "private" };
    match private(headers) {
        Some(directives) => {
            headers.insert(CACHE_CONTROL, directives);
        }
        None => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(without));
        }
    }
}

fn vary_by_cookie(headers: &mut HeaderMap) {
    let named = |field: &HeaderValue| {
        let mut names = field
            .as_bytes()
            .split(|&byte| byte == b',')
            .map(<[u8]>::trim_ascii);
        names.any(|name| name == b"*" || name.eq_ignore_ascii_case(b"cookie"))
    };
    if !headers.get_all(VARY).iter().any(named) {
        headers.append(VARY, HeaderValue::from_static("Cookie"));
    }
}

/// What the response said, without `public` and `s-maxage`, with `private`; `None` where it said nothing.
fn private(headers: &HeaderMap) -> Option<HeaderValue> {
    if !headers.contains_key(CACHE_CONTROL) {
        return None;
    }
    let mut kept: Vec<&[u8]> = Vec::new();
    let fields = headers.get_all(CACHE_CONTROL).iter();
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
