//! Why a cookie was not used: a closed list, which the log, the counters and the guide name as a whole.

use core::fmt;

/// Why a cookie was not used. The visitor always gets a new session. The reason is for the log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal(Reason);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    Missing,
    TooLong,
    Malformed,
    Version,
    UnknownKey,
    BadMac,
    BadTime,
    Future,
    Expired,
    Revoked,
    Duplicate,
    Payload,
}

impl Reason {
    pub(crate) const ALL: [Self; 12] = [
        Self::Missing,
        Self::TooLong,
        Self::Malformed,
        Self::Version,
        Self::UnknownKey,
        Self::BadMac,
        Self::BadTime,
        Self::Future,
        Self::Expired,
        Self::Revoked,
        Self::Duplicate,
        Self::Payload,
    ];
}

impl Refusal {
    /// The reason in one word: `missing`, `too_long`, `malformed`, `version`, `unknown_key`, `bad_mac`, `bad_time`,
    /// `future`, `expired`, `revoked`, `duplicate` or `payload`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self.0 {
            Reason::Missing => "missing",
            Reason::TooLong => "too_long",
            Reason::Malformed => "malformed",
            Reason::Version => "version",
            Reason::UnknownKey => "unknown_key",
            Reason::BadMac => "bad_mac",
            Reason::BadTime => "bad_time",
            Reason::Future => "future",
            Reason::Expired => "expired",
            Reason::Revoked => "revoked",
            Reason::Duplicate => "duplicate",
            Reason::Payload => "payload",
        }
    }

    /// The reason in a sentence, with the usual causes: for developers and operators, not for visitors.
    ///
    /// ```
    /// # use session_runtime::{CookieStore, CookieStoreConfig, SecretKeys};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = CookieStore::new(CookieStoreConfig::new("__Host-myapp", SecretKeys::generate()?))?;
    /// if let Err(refusal) = store.open_value(b"no cookie of ours") {
    ///     eprintln!("{refusal}: {}", refusal.explanation());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self.0 {
            Reason::Missing => {
                "No cookie of this name came: the browser has none, dropped it, or does not send it to this host or path."
            }
            Reason::TooLong => {
                "It is too long to be read: over 4096 bytes, or over 16 KiB or 256 cookies in the whole request."
            }
            Reason::Malformed => {
                "It is not in the format: cut off, altered, or set by another program under the same name."
            }
            Reason::Version => {
                "It is in another format or mode than the one that is configured: `encrypted` was switched, \
                 or the date until which another format is read has passed."
            }
            Reason::UnknownKey => {
                "It was made under a key that is not configured: the key was replaced (list the old one behind the new \
                 one), or another application on this host uses the same cookie name (cookies ignore ports)."
            }
            Reason::BadMac => {
                "Its signature does not hold: it was altered or forged, or it was made under another cookie name, context \
                 or key."
            }
            Reason::BadTime => "Its signature holds, and its times make no sense.",
            Reason::Future => {
                "Its signature holds, and it was made more than a day ahead: the clock of this server or of the one that \
                 made it is wrong."
            }
            Reason::Expired => {
                "Its signature holds, and its time is over: it was not used for `max_age` or the session's own lifetime, \
                 or the session is older than `absolute_max_age`."
            }
            Reason::Revoked => "It is good, and its session was ended: signed out, or revoked.",
            Reason::Duplicate => {
                "Several cookies of this name came that belong to different sessions, or more than four: its domain or \
                 path was changed, and the browser still has the old one (`formerly` removes it, or choose a new name)."
            }
            Reason::Payload => {
                "Its signature holds, and what is in it is no session: it was made by another program with the same key."
            }
        }
    }

    pub(crate) fn is(self, reason: Reason) -> bool {
        self.0 == reason
    }

    /// This refusal. If it only means that the cookie is missing or has another version, then the refusal of the other
    /// format.
    pub(crate) fn or(self, other: Self) -> Self {
        match self.0 {
            Reason::Missing | Reason::Version => other,
            _ => self,
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self(reason)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({})", self.as_str())
    }
}

impl std::error::Error for Refusal {}
