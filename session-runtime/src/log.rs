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

pub(crate) fn dropped(cookie: &str) {
    event!(
        info,
        cookie,
        "changes to the session dropped: the response is a failure"
    );
}

pub(crate) fn superseded(cookie: &str) {
    event!(
        info,
        cookie,
        reason = "superseded",
        "changes to the session dropped: it was destroyed or renewed while this request was in flight"
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

pub(crate) fn nested(cookie: &str) {
    event!(
        warn,
        cookie,
        "two session layers of one cookie name around one handler: the inner one does nothing"
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
