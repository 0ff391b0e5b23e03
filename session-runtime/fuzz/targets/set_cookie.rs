//! `Set-Cookie`, as a browser reads it.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE;
use session_runtime::{CookieStore, CookieStoreConfig, SameSite};

use super::browser::{self, Cookie};
use super::{NOW, format, now};

/// A browser takes from `Set-Cookie` what the configuration says and nothing else, keeps it, and drops it on removal.
/// The lines of the data are name, domain, path, seconds and flags.
pub fn set_cookie(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default().to_owned();
    let (name, domain, path, seconds, flags) = (line(), line(), line(), line(), line());
    let seconds = seconds.parse().unwrap_or(3_600);
    let mut config = CookieStoreConfig::new(&name, BASE64_URL_SAFE.encode(format::KEYS[0]))
        .with_path(&path)
        .with_max_age(Duration::from_secs(seconds))
        .with_absolute_max_age(None)
        .with_http_only(flags.contains('h'))
        .with_secure(flags.contains('s'))
        .with_same_site(same_site(&flags).0)
        .with_encrypted(flags.contains('e'))
        .with_partitioned(flags.contains('p'));
    config.domain = (!domain.is_empty()).then(|| domain.clone());
    let Ok(store) = CookieStore::new(config) else {
        return;
    };
    let store = store.with_clock(now);
    let record = store.new_record().expect("random bytes");
    let sealed = store.seal(&record).expect("an empty one fits");
    let bare = domain
        .strip_prefix('.')
        .unwrap_or(&domain)
        .to_ascii_lowercase();
    let lifetime = i64::try_from(seconds).expect("at most 400 days");
    let mut expected = Cookie {
        name: name.into_bytes(),
        domain: (!bare.is_empty()).then_some(bare),
        path: Some(path.trim_matches([' ', '\t']).to_owned()),
        max_age: (lifetime > 0).then_some(lifetime),
        same_site: Some(same_site(&flags).1),
        http_only: flags.contains('h'),
        secure: flags.contains('s'),
        partitioned: flags.contains('p'),
        ..Cookie::default()
    };

    let mut cookie = browser::parse(sealed.as_bytes()).expect("a browser takes it");
    let opened = store.open_value(&cookie.value).expect("just sealed");
    assert_eq!(opened.id(), record.id());
    cookie.value.clear();
    assert_eq!(cookie, expected);
    assert!(cookie.is_kept());
    let now = i64::try_from(NOW).expect("this century");
    assert_eq!(cookie.gone_at(now), expected.max_age.map(|age| now + age));

    let removal = browser::parse(store.remove().as_bytes()).expect("a browser takes it");
    (expected.max_age, expected.expires) = (Some(0), Some(0));
    assert_eq!(removal, expected, "else the browser would keep the old one");
    assert!(removal.is_kept());
    assert!(removal.gone_at(now) <= Some(now));
    let old_browser = Cookie {
        max_age: None,
        ..removal
    };
    assert!(old_browser.gone_at(now) <= Some(now));
}

fn same_site(flags: &str) -> (SameSite, browser::SameSite) {
    if flags.contains('N') {
        (SameSite::None, browser::SameSite::None)
    } else if flags.contains('S') {
        (SameSite::Strict, browser::SameSite::Strict)
    } else {
        (SameSite::Lax, browser::SameSite::Lax)
    }
}
