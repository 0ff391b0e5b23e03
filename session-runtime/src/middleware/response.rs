//! What a response head carries: the one `Set-Cookie` of each name, and the `Vary` and `Cache-Control` by which no
//! cache gives one visitor another one's page or cookie.

use http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY};

use super::policy::Options;
use crate::codec::SetCookies;
use crate::request::Closing;

/// Makes the browser empty its HTTP cache of this site (W3C Clear Site Data, 3.1).
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const CACHE: HeaderValue = HeaderValue::from_static("\"cache\"");

/// Puts into the head what becomes of the session.
pub(super) fn apply(closing: Closing, headers: &mut HeaderMap, options: Options) {
    if closing.touched && options.cache_headers {
        mark(headers, closing.set_cookies.is_some());
    }
    if closing.ended && options.clear_site_data && !clears_cache(headers) {
        headers.append(CLEAR_SITE_DATA, CACHE);
    }
    if let Some(cookies) = closing.set_cookies {
        set(headers, cookies);
    }
}

/// Whether the handler says so itself.
fn clears_cache(headers: &HeaderMap) -> bool {
    let fields = headers.get_all(CLEAR_SITE_DATA).iter();
    let mut types = fields.flat_map(|field| field.as_bytes().split(|&byte| byte == b','));
    types.any(|name| [CACHE.as_bytes(), b"\"*\""].contains(&name.trim_ascii()))
}

/// Exactly one cookie of each of our names, ours last: those that the handler set by itself give way.
fn set(headers: &mut HeaderMap, ours: SetCookies) {
    let SetCookies { removals, own } = ours;
    let count = removals.len() + usize::from(own.is_some());
    let mut others = false;
    // Added first: few responses have cookies yet.
    for cookie in removals.into_iter().chain(own) {
        others |= headers.append(SET_COOKIE, cookie);
    }
    if !others {
        return;
    }
    let all: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    let (others, ours) = all.split_at(all.len() - count);
    let is_other = |cookie: &&HeaderValue| ours.iter().all(|own| name(own) != name(cookie));
    let kept: Vec<HeaderValue> = others
        .iter()
        .filter(is_other)
        .chain(ours)
        .cloned()
        .collect();
    if kept.len() < all.len() {
        replace(headers, &SET_COOKIE, kept);
    }
}

fn name(cookie: &HeaderValue) -> &[u8] {
    let name = cookie.as_bytes().split(|&byte| byte == b'=').next();
    name.unwrap_or_default().trim_ascii()
}

/// For a response whose session was touched. Each field is added first: few responses have it yet.
fn mark(headers: &mut HeaderMap, sets_cookie: bool) {
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

/// Lets the field of this name have these values, in their order, and no other.
fn replace(headers: &mut HeaderMap, name: &HeaderName, values: Vec<HeaderValue>) {
    headers.remove(name);
    for value in values {
        headers.append(name, value);
    }
}

#[cfg(test)]
mod tests;
