//! Whether the page that a browser shows will send the cookie back, judged by what the browser says of it alone:
//! proxies and nested routers rewrite all else.

use core::net::IpAddr;

use http::Uri;
use http::header::HeaderValue;

use crate::codec::Page;
use crate::config::CookieStoreConfig;
use crate::log::Warning;

/// Where browsers take the cookie and send it.
pub(super) struct Reach {
    secure: bool,
    domain: Option<String>,
    path: String,
}

impl Reach {
    pub(super) fn new(config: &CookieStoreConfig) -> Self {
        let domain = config.domain.as_deref();
        let domain = domain.map(|domain| domain.trim_start_matches('.').to_ascii_lowercase());
        Self {
            secure: config.secure,
            domain,
            path: config.path.clone(),
        }
    }

    /// Why the page does not get the cookie, where it says where it is.
    pub(super) fn misses(&self, page: &Page) -> Option<Warning> {
        let origin = page.origin.as_ref().or(page.referer.as_ref());
        let origin = uri(origin?)?;
        let host = origin.host()?.trim_matches(['[', ']']).to_ascii_lowercase();
        if self.secure && origin.scheme_str() == Some("http") && !is_loopback(&host) {
            return Some(Warning::NotSecure);
        }
        if self
            .domain
            .as_ref()
            .is_some_and(|domain| !is_in(&host, domain))
        {
            return Some(Warning::OutsideDomain);
        }
        let referer = uri(page.referer.as_ref()?)?;
        let is_below = is_below(referer.path(), &self.path);
        (!is_below).then_some(Warning::OutsidePath)
    }
}

/// None for `null`, for what is no URL, and for pages of other schemes (`chrome-extension://`, `capacitor://`), which
/// are on no host.
fn uri(value: &HeaderValue) -> Option<Uri> {
    let uri: Uri = value.to_str().ok()?.parse().ok()?;
    matches!(uri.scheme_str(), Some("http" | "https")).then_some(uri)
}

/// Browsers take Secure cookies from these over http too.
fn is_loopback(host: &str) -> bool {
    if let Some(address) = address(host) {
        return address.is_loopback();
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    name == "localhost" || name.ends_with(".localhost")
}

/// RFC 6265bis, 5.1.3 and 5.7: an address is in no domain but itself, and no host gets the cookies of a top-level
/// domain. Of other public suffixes, such as `co.uk`, we know nothing.
fn is_in(host: &str, domain: &str) -> bool {
    let is_site = domain.contains('.') && address(host).is_none();
    match host.strip_suffix(domain) {
        Some(rest) => rest.is_empty() || is_site && rest.ends_with('.'),
        None => false,
    }
}

fn address(host: &str) -> Option<IpAddr> {
    host.parse().ok()
}

/// RFC 6265bis, 5.1.4.
fn is_below(page: &str, path: &str) -> bool {
    let rest = page.strip_prefix(path);
    rest.is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{Reach, Warning};
    use crate::codec::Page;
    use crate::config::CookieStoreConfig;

    const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";

    fn page(origin: &str, referer: &str) -> Page {
        let header = |text: &str| (!text.is_empty()).then(|| text.parse().expect("a header"));
        Page {
            is_head: false,
            origin: header(origin),
            referer: header(referer),
        }
    }

    #[test]
    fn a_secure_cookie_over_http_is_dropped_but_on_loopback() {
        let reach = Reach::new(&CookieStoreConfig::new("sid", KEY));
        for (origin, dropped) in [
            ("http://example.org", true),
            ("http://192.168.1.7:8080", true),
            ("http://localhost.example.org", true),
            ("https://example.org", false),
            ("http://localhost:3000", false),
            ("http://app.localhost", false),
            ("http://localhost.:3000", false),
            ("http://notlocalhost", true),
            ("http://127.0.0.1:3000", false),
            ("http://[::1]:3000", false),
            ("null", false),
            ("", false),
            ("no url", false),
        ] {
            let expected = dropped.then_some(Warning::NotSecure);
            assert_eq!(reach.misses(&page(origin, "")), expected, "{origin:?}");
            let referer = page("", &format!("{origin}/page?q=1"));
            let expected = expected.filter(|_| !origin.is_empty());
            assert_eq!(reach.misses(&referer), expected, "{origin:?}");
        }
    }

    #[test]
    fn a_page_outside_of_domain_or_path_does_not_get_it_back() {
        let config = CookieStoreConfig::new("sid", KEY).with_domain("Example.org");
        let reach = Reach::new(&config.with_path("/app"));
        for (url, expected) in [
            ("https://example.org/app", None),
            ("https://www.example.org/app/x", None),
            ("https://example.org/apple", Some(Warning::OutsidePath)),
            ("https://example.org/", Some(Warning::OutsidePath)),
            ("https://badexample.org/app", Some(Warning::OutsideDomain)),
            ("https://example.com/app", Some(Warning::OutsideDomain)),
        ] {
            assert_eq!(reach.misses(&page("", url)), expected, "{url}");
        }
        for (domain, url, expected) in [
            ("org", "https://example.org/", Some(Warning::OutsideDomain)),
            ("localhost", "http://localhost/", None),
            (
                "localhost",
                "http://app.localhost/",
                Some(Warning::OutsideDomain),
            ),
            ("127.0.0.1", "http://127.0.0.1/", None),
            ("0.0.1", "http://127.0.0.1/", Some(Warning::OutsideDomain)),
        ] {
            let config = CookieStoreConfig::new("sid", KEY).with_domain(domain);
            let reach = Reach::new(&config);
            assert_eq!(reach.misses(&page("", url)), expected, "{domain} at {url}");
        }
        // An origin has no path.
        assert_eq!(reach.misses(&page("https://example.org", "")), None);
    }
}
