//! How a browser reads `Set-Cookie`: RFC 6265bis (draft 20), section 5.6.

#[derive(Debug, Default)]
pub struct Cookie {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    pub domain: Option<String>,
    pub path: Option<String>,
    pub max_age: Option<String>,
    pub secure: bool,
    pub http_only: bool,
    pub partitioned: bool,
}

/// `None` where a browser ignores the whole field.
pub fn parse(field: &[u8]) -> Option<Cookie> {
    // Step 1: any control character but the tab.
    if field
        .iter()
        .any(|byte| matches!(byte, 0..=8 | 10..=31 | 127))
    {
        return None;
    }
    let (pair, attributes) = split(field, b';');
    let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
        Some(at) => (trim(&pair[..at]), trim(&pair[at + 1..])),
        None => (&[][..], trim(pair)),
    };
    if name.is_empty() && value.is_empty() || name.len() + value.len() > 4096 {
        return None;
    }
    let mut cookie = Cookie {
        name: name.to_vec(),
        value: value.to_vec(),
        ..Cookie::default()
    };
    let mut rest = attributes;
    while let Some(unparsed) = rest {
        let (attribute, next) = split(unparsed, b';');
        rest = next;
        let (name, value) = split(attribute, b'=');
        let value = trim(value.unwrap_or_default());
        if value.len() <= 1024 {
            take(&mut cookie, &trim(name).to_ascii_lowercase(), value);
        }
    }
    Some(cookie)
}

fn take(cookie: &mut Cookie, name: &[u8], value: &[u8]) {
    let text = || String::from_utf8_lossy(value).into_owned();
    match name {
        b"domain" => {
            let domain = text().to_ascii_lowercase();
            let domain = domain.strip_prefix('.').unwrap_or(&domain).to_owned();
            cookie.domain = (!domain.is_empty()).then_some(domain);
        }
        b"path" => cookie.path = value.starts_with(b"/").then(text),
        b"max-age" => cookie.max_age = Some(text()),
        b"secure" => cookie.secure = true,
        b"httponly" => cookie.http_only = true,
        b"partitioned" => cookie.partitioned = true,
        _ => {}
    }
}

fn split(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == at) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
