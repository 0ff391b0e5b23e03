//! The rules that a configuration must meet before anything is served.

use cookie::SameSite;

use super::field::Field;
use super::secret::BLANK_KEY;
use super::{CookieStoreConfig, DAY, Place};
use crate::error::ConfigError;
use crate::limits::{EMPTY_ENCRYPTED, EMPTY_SIGNED, MAX_COOKIE, MAX_LIFETIME};

const MAX_ATTRIBUTE: usize = 1024;
const PLACE: &[Field] = &[Field::Formerly];
const PRESENT: &[Field] = &[
    Field::Formerly,
    Field::Domain,
    Field::Path,
    Field::Partitioned,
];

/// A broken rule, and the fields that break it.
pub(super) struct Problem {
    #[cfg_attr(
        not(feature = "config"),
        expect(dead_code, reason = "only loading asks")
    )]
    pub(super) fields: &'static [Field],
    pub(super) message: String,
    /// A field that must have a value has none.
    #[cfg_attr(
        not(feature = "config"),
        expect(dead_code, reason = "only loading asks")
    )]
    pub(super) is_blank: bool,
}

impl Problem {
    fn new(fields: &'static [Field], message: impl Into<String>) -> Self {
        Self {
            fields,
            message: message.into(),
            is_blank: false,
        }
    }

    fn blank(fields: &'static [Field], message: &str) -> Self {
        Self {
            is_blank: true,
            ..Self::new(fields, message)
        }
    }
}

impl CookieStoreConfig {
    /// The first rule that the configuration breaks.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let problem = self.problem();
        problem.map_or(Ok(()), |problem| Err(ConfigError::new(problem.message)))
    }

    pub(super) fn problem(&self) -> Option<Problem> {
        let problem = self
            .name_problem()
            .or_else(|| self.domain_problem())
            .or_else(|| self.path_problem())
            .or_else(|| self.formerly_problem())
            .or_else(|| self.flag_problem())
            .or_else(|| self.signed_until_problem())
            .or_else(|| self.time_problem())
            .or_else(|| self.size_problem());
        #[cfg(feature = "gorilla")]
        let problem = problem.or_else(|| self.gorilla_problem());
        problem.or_else(|| self.key_problem())
    }

    fn name_problem(&self) -> Option<Problem> {
        let name = &self.name;
        if name.trim().is_empty() {
            return Some(Problem::blank(
                &[Field::Name],
                "Name is required, but blank",
            ));
        }
        if self.lacks_key() {
            return Some(Problem::blank(&[Field::Key], BLANK_KEY));
        }
        if let Some(odd) = name.chars().find(|&c| !is_token_char(c)) {
            return Some(Problem::new(
                &[Field::Name],
                format!(
                    "Name {name:?} is no cookie name: take out {odd:?} (letters, digits and !#$%&'*+-.^_`|~ are allowed)"
                ),
            ));
        }
        self.prefix_problem()
    }

    fn prefix_problem(&self) -> Option<Problem> {
        let name = &self.name;
        if !self.secure && self.has_prefix(&["__host-", "__secure-", "__http-"]) {
            return Some(Problem::new(
                &[Field::Name, Field::Secure],
                format!(
                    "Name {name:?}: browsers take a cookie with this prefix only when it is Secure; \
                     leave `secure` on, or choose a name without the prefix"
                ),
            ));
        }
        if !self.http_only && self.has_prefix(&["__host-http-", "__http-"]) {
            return Some(Problem::new(
                &[Field::Name, Field::HttpOnly],
                format!(
                    "Name {name:?}: browsers take a cookie with this prefix only when it is HttpOnly; \
                     leave `http_only` on, or choose a name without the prefix"
                ),
            ));
        }
        if self.is_host_only() && (self.domain.is_some() || self.path != "/") {
            return Some(Problem::new(
                &[Field::Name, Field::Domain, Field::Path],
                format!(
                    "Name {name:?}: browsers take a `__Host-` cookie only without a domain and with the path \"/\"; \
                     remove them, or choose a name without the prefix"
                ),
            ));
        }
        None
    }

    /// Whether browsers accept a cookie of this name only for one host and the path `/`.
    fn is_host_only(&self) -> bool {
        self.has_prefix(&["__host-"])
    }

    /// Whether the name begins with one of these lower-case prefixes. Browsers ignore the case of a prefix.
    fn has_prefix(&self, prefixes: &[&str]) -> bool {
        let name = self.name.to_ascii_lowercase();
        prefixes.iter().any(|prefix| name.starts_with(prefix))
    }

    fn domain_problem(&self) -> Option<Problem> {
        let problem = domain_problem(self.domain.as_deref()?);
        problem.map(|message| Problem::new(&[Field::Domain], message))
    }

    fn path_problem(&self) -> Option<Problem> {
        path_problem(&self.path).map(|message| Problem::new(&[Field::Path], message))
    }

    fn formerly_problem(&self) -> Option<Problem> {
        let mut places = self.formerly.iter().enumerate();
        places.find_map(|(at, place)| {
            let number = at + 1;
            let (fields, message) = self.place_problem(place).or_else(|| {
                let twin = self.formerly[..at]
                    .iter()
                    .position(|other| other.is_at(place))?;
                let message = format!("it is place {} once more: remove one", twin + 1);
                Some((PLACE, message))
            })?;
            Some(Problem::new(
                fields,
                format!("formerly, place {number}: {message}"),
            ))
        })
    }

    fn place_problem(&self, place: &Place) -> Option<(&'static [Field], String)> {
        let domain = place.domain.as_deref();
        let odd = domain
            .and_then(domain_problem)
            .or_else(|| path_problem(&place.path));
        if let Some(message) = odd {
            return Some((PLACE, message));
        }
        if place.partitioned && !self.secure {
            let message = "browsers remove a partitioned cookie only by one that is Secure; leave `secure` on";
            return Some((&[Field::Formerly, Field::Secure], message.to_owned()));
        }
        if self.is_host_only() && (domain.is_some() || place.path != "/") {
            let message = format!(
                "browsers never kept a cookie of the name {:?} there, and take no removal of one: leave the place out \
                 (a cookie that had another name then is another cookie, and does not meet this one)",
                self.name
            );
            return Some((&[Field::Formerly, Field::Name], message));
        }
        let message = "the cookie is set there now, and would be removed at once: leave the place out, or change \
                       `domain`, `path` or `partitioned`";
        place
            .is_at(&self.place())
            .then(|| (PRESENT, message.to_owned()))
    }

    fn flag_problem(&self) -> Option<Problem> {
        if self.same_site == SameSite::None && !self.secure {
            return Some(Problem::new(
                &[Field::SameSite, Field::Secure],
                "SameSite=None without `secure`: browsers refuse such a cookie; leave `secure` on",
            ));
        }
        if self.partitioned && !self.secure {
            return Some(Problem::new(
                &[Field::Partitioned, Field::Secure],
                "Partitioned without `secure`: browsers refuse such a cookie; leave `secure` on",
            ));
        }
        if self.encrypted && !cfg!(feature = "encrypted") {
            return Some(Problem::new(
                &[Field::Encrypted],
                "Encrypted cookies are not in this build: add the feature `encrypted` of session-runtime",
            ));
        }
        None
    }

    fn signed_until_problem(&self) -> Option<Problem> {
        self.accept_signed_until?;
        if !self.encrypted {
            return Some(Problem::new(
                &[Field::AcceptSignedUntil, Field::Encrypted],
                "accept_signed_until without `encrypted`: the cookies are signed ones, and no time would end that; \
                 turn `encrypted` on, or leave `accept_signed_until` out",
            ));
        }
        #[cfg(feature = "gorilla")]
        if self.gorilla.is_format && self.gorilla.next.is_none() {
            return Some(Problem::new(
                &[Field::AcceptSignedUntil],
                "accept_signed_until is about cookies of our own format, and only Go's are read: \
                 add `with_next_key`, or leave it out",
            ));
        }
        None
    }

    fn time_problem(&self) -> Option<Problem> {
        let absolute = self.absolute_max_age;
        let times: [(_, &[Field], _); 3] = [
            ("MaxAge", &[Field::MaxAge], Some(self.max_age)),
            ("refresh_after", &[Field::RefreshAfter], self.refresh_after),
            ("absolute_max_age", &[Field::AbsoluteMaxAge], absolute),
        ];
        for (field, fields, time) in times {
            let time = time.unwrap_or(DAY);
            if time.subsec_nanos() > 0 {
                return Some(Problem::new(
                    fields,
                    format!("{field} {time:?} is no whole number of seconds: round it"),
                ));
            }
            if time.as_secs() > MAX_LIFETIME {
                return Some(Problem::new(
                    fields,
                    format!(
                        "{field} {time:?} is over 400 days, the longest that browsers keep a cookie: shorten it"
                    ),
                ));
            }
        }
        if self.absolute_max_age.is_some_and(|age| age.is_zero()) {
            return Some(Problem::new(
                &[Field::AbsoluteMaxAge],
                "absolute_max_age is zero, so every session would be over at once: give it a time, or `None`",
            ));
        }
        None
    }

    fn size_problem(&self) -> Option<Problem> {
        let empty = if self.encrypted {
            EMPTY_ENCRYPTED
        } else {
            EMPTY_SIGNED
        };
        let smallest = self.name.len() + empty;
        if !(smallest..=MAX_COOKIE).contains(&self.max_size) {
            let size = self.max_size;
            return Some(Problem::new(
                &[Field::MaxSize],
                format!(
                    "max_size {size}: choose {smallest} (this name and an empty session) to {MAX_COOKIE} (what browsers keep)"
                ),
            ));
        }
        if self.context.len() > usize::from(u16::MAX) {
            let len = self.context.len();
            return Some(Problem::new(
                &[Field::Context],
                format!("context has {len} bytes, and 65,535 is the most: shorten it"),
            ));
        }
        None
    }

    fn key_problem(&self) -> Option<Problem> {
        #[cfg(feature = "gorilla")]
        let checked = self.gorilla.check_keys(&self.key);
        #[cfg(not(feature = "gorilla"))]
        let checked = self.key.decode().map(drop);
        let error = checked.err()?;
        Some(Problem::new(&[Field::Key], error.to_string()))
    }

    #[cfg(feature = "gorilla")]
    fn gorilla_problem(&self) -> Option<Problem> {
        let fields = &[Field::Key, Field::Encrypted, Field::Context];
        let problem = self.gorilla.problem(self.encrypted, &self.context);
        problem.map(|problem| Problem::new(fields, problem))
    }
}

fn domain_problem(domain: &str) -> Option<String> {
    attribute_problem("Domain", domain).or_else(|| {
        let message = format!(
            "Domain {domain:?} is no host name: labels of letters, digits, '-', '_' and '.', such as \"example.org\" \
             (an international name in its xn-- form)"
        );
        (!is_host_name(domain)).then_some(message)
    })
}

fn path_problem(path: &str) -> Option<String> {
    attribute_problem("Path", path).or_else(|| {
        let message =
            format!("Path {path:?} does not begin with '/': browsers would use another path");
        (!path.starts_with('/')).then_some(message)
    })
}

/// Why the text can't be an attribute of a cookie.
fn attribute_problem(field: &str, text: &str) -> Option<String> {
    let len = text.len();
    if len > MAX_ATTRIBUTE {
        return Some(format!(
            "{field} has {len} bytes: browsers ignore attributes over {MAX_ATTRIBUTE}; shorten it"
        ));
    }
    let is_odd = |&c: &char| !(' '..='~').contains(&c) || c == ';';
    if let Some(odd) = text.chars().find(is_odd) {
        return Some(format!(
            "{field} {text:?} has a character that a cookie attribute can't hold: take out {odd:?}"
        ));
    }
    let blank = text.trim().is_empty();
    blank.then(|| format!("{field} is blank: give it a value or leave it out"))
}

/// Whether it is labels between dots. One dot in front is allowed, since browsers drop it.
fn is_host_name(name: &str) -> bool {
    let is_label_char = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let name = name.strip_prefix('.').unwrap_or(name);
    name.split('.')
        .all(|label| !label.is_empty() && label.chars().all(is_label_char))
}

/// Whether it is a character of a token (RFC 9110, 5.6.2).
fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}
