//! How a browser reads `Set-Cookie`: RFC 6265bis (draft 20), section 5.6, and whether it keeps the cookie (5.7).

/// What a browser understood.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cookie {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    pub domain: Option<String>,
    pub path: Option<String>,
    /// Seconds; at most 400 days.
    pub max_age: Option<i64>,
    /// Seconds since 1970.
    pub expires: Option<i64>,
    pub same_site: Option<SameSite>,
    pub secure: bool,
    pub http_only: bool,
    /// CHIPS.
    pub partitioned: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    None,
    Lax,
    Strict,
    /// Any other word.
    Default,
}

const LONGEST: i64 = 400 * 86_400;

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

impl Cookie {
    /// Whether a browser keeps it, or lets it take the place of an older one: 5.7, from an https page whose host is
    /// the domain or has it.
    pub fn is_kept(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let is_host = name.starts_with(b"__host-");
        let whole_host = self.domain.is_none() && self.path.as_deref() == Some("/");
        let prefixes = (!name.starts_with(b"__secure-") || self.secure)
            && (!is_host || self.secure && whole_host);
        prefixes
            && (self.same_site != Some(SameSite::None) || self.secure)
            && (!self.partitioned || self.secure)
    }

    /// When it goes: `Max-Age` beats `Expires`; `None` at the end of the browser's session.
    pub fn gone_at(&self, now: i64) -> Option<i64> {
        let at = match self.max_age {
            Some(seconds) if seconds <= 0 => Some(i64::MIN),
            Some(seconds) => Some(now + seconds),
            None => self.expires,
        };
        at.map(|at| at.min(now + LONGEST))
    }
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
        b"max-age" => cookie.max_age = max_age(&text()).or(cookie.max_age),
        b"expires" => cookie.expires = date(&text()).or(cookie.expires),
        b"samesite" => {
            cookie.same_site = Some(match text().to_ascii_lowercase().as_str() {
                "none" => SameSite::None,
                "lax" => SameSite::Lax,
                "strict" => SameSite::Strict,
                _ => SameSite::Default,
            });
        }
        b"secure" => cookie.secure = true,
        b"httponly" => cookie.http_only = true,
        b"partitioned" => cookie.partitioned = true,
        _ => {}
    }
}

fn max_age(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let huge = if digits == text { i64::MAX } else { i64::MIN };
    Some(text.parse().unwrap_or(huge).min(LONGEST))
}

/// The date algorithm of 5.1.1: tokens in any order, the first that fits each part.
fn date(text: &str) -> Option<i64> {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let is_delimiter = |c: char| !(c.is_ascii_alphanumeric() || c == ':' || c > '~');
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if time.is_none() && clock(token).is_some() {
            time = clock(token);
        } else if day.is_none() && leading(token, 1, 2).is_some() {
            day = leading(token, 1, 2);
        } else if let (None, Some(at)) = (
            month,
            token
                .get(..3)
                .and_then(|start| MONTHS.find(&start.to_ascii_lowercase())),
        ) {
            month = i64::try_from(at / 3 + 1).ok();
        } else if year.is_none() {
            year = leading(token, 2, 4);
        }
    }
    let year = match year? {
        short @ 70..=99 => short + 1900,
        short @ 0..=69 => short + 2000,
        year => year,
    };
    let (day, month) = (day?, month?);
    if !(1..=31).contains(&day) || year < 1601 {
        return None;
    }
    Some(days(year, month, day) * 86_400 + time?)
}

/// Seconds of the day.
fn clock(token: &str) -> Option<i64> {
    let mut parts = token.splitn(3, ':');
    let mut part = || leading(parts.next()?, 1, 2);
    let (hour, minute, second) = (part()?, part()?, part()?);
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3_600 + minute * 60 + second)
}

/// The number of so many digits that the token begins with.
fn leading(token: &str, least: usize, most: usize) -> Option<i64> {
    let end = token.find(|c: char| !c.is_ascii_digit());
    let digits = &token[..end.unwrap_or(token.len())];
    let fits = (least..=most).contains(&digits.len());
    fits.then(|| digits.parse().ok()).flatten()
}

/// Days since 1970 of a Gregorian date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let months = (month + 9) % 12;
    let of_year = (153 * months + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468
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
