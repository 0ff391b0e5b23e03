//! Fields that may stand in a response several times.

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// Lets the field of this name have these values, in their order, and no other.
pub(super) fn replace(headers: &mut HeaderMap, name: &HeaderName, values: Vec<HeaderValue>) {
    headers.remove(name);
    for value in values {
        headers.append(name, value);
    }
}
