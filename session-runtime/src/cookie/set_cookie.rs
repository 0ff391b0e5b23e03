//! What `Set-Cookie` says besides name and value.

use cookie::Cookie;
use http::header::HeaderValue;

use crate::config::{CookieStoreConfig, Place};
use crate::error::ConfigError;

fn bare(config: &CookieStoreConfig) -> Cookie<'_> {
    let mut cookie = Cookie::new("", "");
    cookie.set_path(config.path.as_str());
    if let Some(domain) = &config.domain {
        cookie.set_domain(domain.as_str());
    }
    cookie.set_http_only(config.http_only);
    cookie.set_secure(config.secure);
    cookie.set_same_site(config.same_site);
    cookie.set_partitioned(config.partitioned);
    cookie
}

/// What follows `name=value`, but for `Max-Age`, whose number is ours to append.
pub(super) fn attributes(config: &CookieStoreConfig) -> String {
    let text = bare(config).to_string();
    text.strip_prefix('=').unwrap_or(&text).to_owned()
}

/// What makes browsers drop the cookies at the places where ours used to be.
pub(super) fn former(config: &CookieStoreConfig) -> Result<Vec<HeaderValue>, ConfigError> {
    let at = |place: &Place| {
        let config = CookieStoreConfig {
            domain: place.domain.clone(),
            path: place.path.clone(),
            partitioned: place.partitioned,
            ..config.clone()
        };
        removal(&config, &config.name)
    };
    config.formerly.iter().map(at).collect()
}

/// Browsers replace a cookie only by one of the same name, domain and path, and a Secure one only by a Secure one
/// (RFC 6265bis, 5.7), so the removal repeats every attribute.
pub(super) fn removal(config: &CookieStoreConfig, name: &str) -> Result<HeaderValue, ConfigError> {
    let attributes = bare(config).to_string();
    let text = format!("{name}{attributes}; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    let mut removal = HeaderValue::try_from(text).map_err(|_| {
        ConfigError::new("an attribute has a character that a header can't hold: take it out")
    })?;
    removal.set_sensitive(true);
    Ok(removal)
}
