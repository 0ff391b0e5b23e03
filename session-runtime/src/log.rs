//! Every event of the crate, for operators: what a visitor is never told. Without the feature `tracing`, silence.
//! No event carries a key, a cookie value or a session value.
#![cfg_attr(not(feature = "tracing"), allow(unused_variables))]

#[cfg(feature = "axum")]
use crate::error::{ConfigError, MissingSession};
use crate::error::{Error, Reason, Refusal};

macro_rules! event {
    ($level:ident, $($message:tt)*) => {
        #[cfg(feature = "tracing")]
        tracing::$level!(target: "session_runtime", $($message)*)
    };
}

pub(crate) fn refused(cookie: &str, refusal: Refusal) {
    if refusal.is(Reason::Duplicate) {
        event!(
            warn,
            cookie,
            reason = refusal.as_str(),
            "several session cookies under one name: were its domain or path changed? Use a new name then"
        );
    } else {
        event!(
            debug,
            cookie,
            reason = refusal.as_str(),
            "cookie not used: a new session begins"
        );
    }
}

/// One for each response whose session was touched; `reason` is of a closed set.
pub(crate) fn closed(cookie: &str, reason: &'static str) {
    let lost = match reason {
        "superseded" => "it was destroyed, renewed or saved while this request was in flight",
        "skipped_5xx" => "the response is a failure",
        "skipped_408" => "the handler was dropped half-way",
        _ => {
            event!(debug, cookie, reason, "session closed");
            return;
        }
    };
    event!(
        info,
        cookie,
        reason,
        "changes to the session dropped: {lost}"
    );
}

/// What is said once a minute, with its cure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warning {
    NotSecure,
    OutsideDomain,
    OutsidePath,
    UnknownKey,
    BadMac,
    Future,
    Ahead,
    Nested,
    Conflict,
}

impl Warning {
    pub(crate) const COUNT: usize = Self::Conflict as usize + 1;

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotSecure => "not_secure",
            Self::OutsideDomain => "outside_domain",
            Self::OutsidePath => "outside_path",
            Self::UnknownKey => "unknown_key",
            Self::BadMac => "bad_mac",
            Self::Future => "future",
            Self::Ahead => "ahead",
            Self::Nested => "nested",
            Self::Conflict => "layer_conflict",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::NotSecure => {
                "a Secure cookie was issued to a page of an http:// origin, where browsers drop it: \
                 serve the page over https, or turn `secure` off for development"
            }
            Self::OutsideDomain => {
                "a cookie was issued to a page outside of its `domain`, where browsers drop it: \
                 set `domain` to the site's host or a parent of it, or leave it out"
            }
            Self::OutsidePath => {
                "a cookie was issued to a page outside of its `path`, which will not send it back: \
                 set `path` to \"/\" or to a path above the page's"
            }
            Self::UnknownKey => {
                "cookies under a key that is not configured: was a key replaced (list the old one behind the new one), \
                 or does another application on this host use the same cookie name (give each a name of its own)?"
            }
            Self::BadMac => {
                "cookies whose signature does not hold: were name, context or key changed, \
                 or does another application on this host use the same cookie name?"
            }
            Self::Future => {
                "cookies from more than a day ahead: the clock of this server or of another one is wrong"
            }
            Self::Ahead => {
                "cookies from more than a minute ahead were taken: the clock of this server or of another one is wrong"
            }
            Self::Nested => {
                "two session layers of one cookie name around one handler: the inner one does nothing, take it out"
            }
            Self::Conflict => {
                "two session layers with different settings serve one cookie around one handler, so every session call \
                 there fails: use clones of one layer, or give the inner one a cookie name of its own"
            }
        }
    }
}

pub(crate) fn warning(cookie: &str, warning: Warning, count: u64) {
    let (text, reason) = (warning.text(), warning.as_str());
    if warning == Warning::Conflict {
        event!(error, cookie, count, reason, "{text}");
    } else {
        event!(warn, cookie, count, reason, "{text}");
    }
}

#[cfg(feature = "store")]
pub(crate) fn not_saved(cookie: &str, error: &Error) {
    event!(error, cookie, %error, "the session could not be saved: the response is replaced");
}

#[cfg(feature = "store")]
pub(crate) fn flash_kept(cookie: &str) {
    event!(
        warn,
        cookie,
        "a flash that was shown could not be taken out of the session store: it will be shown again"
    );
}

pub(crate) fn not_sealed(cookie: &str, error: &Error) {
    event!(error, cookie, %error, "the session could not be saved");
}

pub(crate) fn not_judged(cookie: &str, error: &dyn std::error::Error) {
    event!(
        error,
        cookie,
        %error,
        "the revocation check failed: the session is unavailable in this request"
    );
}

#[cfg(feature = "config")]
pub(crate) fn empty_key_variable(variables: &str, key: &str) {
    event!(
        warn,
        variables,
        key,
        "the key's variable is set but empty, which counts as unset, and another key is used: \
         give it a key, or remove it"
    );
}

#[cfg(feature = "config")]
pub(crate) fn variable_passed_over(variable: &dyn core::fmt::Display, prefix: &str) {
    event!(
        warn,
        %variable,
        prefix,
        "a variable is not read, since its prefix is in another case: write it in capitals"
    );
}

#[cfg(feature = "axum")]
pub(crate) fn failed(error: &Error) {
    if error.is_missing() {
        event!(debug, %error, "request refused");
    } else {
        event!(error, %error, "request failed");
    }
}

#[cfg(feature = "axum")]
pub(crate) fn no_session(missing: &MissingSession) {
    event!(error, error = %missing, "request failed");
}

#[cfg(feature = "axum")]
pub(crate) fn misconfigured(error: &ConfigError) {
    event!(error, %error, "request failed: a session cookie is misconfigured");
}
