//! The cookies of a visitor.

use std::time::SystemTime;

use ::cookie::Cookie;
use http::header::{HeaderMap, HeaderValue, SET_COOKIE};

/// Cookies by name, without regard to domain and path.
#[derive(Clone, Default)]
pub(super) struct Jar(Vec<(String, String)>);

impl Jar {
    /// Takes what the response sets, and drops what it removes.
    pub(super) fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(parse) {
            self.remove(cookie.name());
            if !is_removal(&cookie) {
                self.set(cookie.name(), cookie.value().to_owned());
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        self.remove(name);
        self.0.push((name.to_owned(), value));
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|(other, _)| other != name);
    }

    /// The `Cookie` field, where there are cookies.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let pairs: Vec<String> = self.0.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut header = HeaderValue::try_from(pairs.join("; ")).expect("they came in a header");
        header.set_sensitive(true);
        (!pairs.is_empty()).then_some(header)
    }
}

pub(super) fn parse(field: &HeaderValue) -> Option<Cookie<'static>> {
    Cookie::parse(field.to_str().ok()?.to_owned()).ok()
}

/// `Max-Age` counts where it is there, else `Expires` (RFC 6265, 5.3).
pub(super) fn is_removal(cookie: &Cookie<'_>) -> bool {
    if let Some(age) = cookie.max_age() {
        return !age.is_positive();
    }
    let at = cookie.expires_datetime().map(SystemTime::from);
    at.is_some_and(|at| at <= SystemTime::now())
}
