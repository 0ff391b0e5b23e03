//! From what was given to cookies: a bare value, a pair, `Cookie` and `Set-Cookie` headers.

use session_runtime::Envelope;

/// One cookie that was given.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    /// What `Set-Cookie` says besides.
    pub(crate) attributes: Option<String>,
}

/// Why there is nothing to try.
pub(crate) enum Nothing {
    Usage(String),
    /// No cookie that came is the one.
    Missing(String),
}

impl From<String> for Nothing {
    fn from(message: String) -> Self {
        Self::Usage(message)
    }
}

/// The cookies of this name; without a name those that may be sessions, or the only one.
pub(crate) fn parse(input: &str, name: Option<&str>) -> Result<Vec<Cookie>, Nothing> {
    let lines = input.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut all = Vec::new();
    for line in lines {
        all.extend(cookies(line, name)?);
    }
    let names: Vec<String> = all.iter().map(|cookie| cookie.name.clone()).collect();
    if all.len() > 1 || name.is_some() {
        all.retain(|cookie| match name {
            Some(name) => cookie.name == name,
            None => Envelope::of(cookie.value.as_bytes()).is_some(),
        });
    }
    match (all.is_empty(), names.as_slice(), name) {
        (false, ..) => Ok(all),
        (true, [], _) => {
            let message = "no cookie: give its value, or a header, on standard input";
            Err(Nothing::Usage(message.to_owned()))
        }
        (true, names, Some(name)) => Err(Nothing::Missing(format!(
            "no cookie of the name {name:?} came, but {}",
            quoted(names)
        ))),
        (true, names, None) => Err(Nothing::Missing(format!(
            "none of {} looks like a session; --name picks one to be tried",
            quoted(names)
        ))),
    }
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    names.join(", ")
}

fn cookies(line: &str, name: Option<&str>) -> Result<Vec<Cookie>, String> {
    if let Some(field) = field(line, "set-cookie:") {
        return Ok(vec![set_cookie(field)?]);
    }
    if let Some(field) = field(line, "cookie:") {
        return Ok(pairs(field));
    }
    let is_value = !line.contains(';') && is_bare(line);
    match (is_value, name) {
        (true, Some(name)) => Ok(vec![Cookie::new(name, line)]),
        (true, None) => Err(
            "a bare value needs --name, since a cookie is bound to its name; or give `name=value`"
                .to_owned(),
        ),
        (false, _) if has_attributes(line) => Ok(vec![set_cookie(line)?]),
        (false, _) => Ok(pairs(line)),
    }
}

/// What follows the name of a header, in any case.
fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (start, rest) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then(|| rest.trim())
}

/// Whether it is a value without a name: Go's end in the padding of base64.
fn is_bare(text: &str) -> bool {
    match text.split_once('=') {
        None => true,
        Some((_, rest)) => {
            rest.bytes().all(|byte| byte == b'=') && Envelope::of(text.as_bytes()).is_some()
        }
    }
}

/// Whether a header without its name is a `Set-Cookie`.
fn has_attributes(line: &str) -> bool {
    const ATTRIBUTES: [&str; 8] = [
        "path",
        "secure",
        "httponly",
        "samesite",
        "max-age",
        "expires",
        "domain",
        "partitioned",
    ];
    line.split(';').skip(1).any(|part| {
        let name = part.split('=').next().unwrap_or_default().trim();
        ATTRIBUTES
            .iter()
            .any(|other| name.eq_ignore_ascii_case(other))
    })
}

fn set_cookie(field: &str) -> Result<Cookie, String> {
    let (pair, attributes) = field.split_once(';').unwrap_or((field, ""));
    let cookie = pairs(pair).pop();
    let cookie = cookie.ok_or("the Set-Cookie header has no name=value")?;
    Ok(Cookie {
        attributes: Some(attributes.trim().to_owned()),
        ..cookie
    })
}

/// The pairs of a `Cookie` header, their values as the store reads them.
fn pairs(field: &str) -> Vec<Cookie> {
    let pairs = field.split(';').filter_map(|pair| pair.split_once('='));
    let cookies = pairs.map(|(name, value)| {
        let value = value.trim_end_matches([' ', '\t']);
        let unquoted = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'));
        Cookie::new(
            name.trim_start_matches([' ', '\t']),
            unquoted.unwrap_or(value),
        )
    });
    cookies.collect()
}

impl Cookie {
    fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            attributes: None,
        }
    }
}
