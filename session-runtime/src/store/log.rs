//! What operators are told of the store. No event carries a key, a value, or an id in clear.
#![cfg_attr(not(feature = "tracing"), allow(unused_variables))]

use super::StoreError;

macro_rules! event {
    ($level:ident, $($message:tt)*) => {
        #[cfg(feature = "tracing")]
        tracing::$level!(target: "session_runtime", $($message)*)
    };
}

pub(super) fn failed(cookie: &str, error: &StoreError) {
    event!(error, cookie, %error, "the session store failed");
}

pub(super) fn corrupt(cookie: &str, error: &StoreError) {
    event!(
        error,
        cookie,
        %error,
        "a session can't be read: its visitor begins a new one, and the row stays"
    );
}

pub(super) fn overwritten(cookie: &str, keys: usize) {
    event!(
        info,
        cookie,
        keys,
        reason = "overwritten",
        "two requests changed a key of one session at once: the later one stands"
    );
}

pub(super) fn refused(cookie: &str) {
    event!(
        info,
        cookie,
        reason = "refused",
        "a session was not written: all sessions of its owner were ended after the request began"
    );
}

pub(super) fn not_touched(cookie: &str, error: &StoreError) {
    event!(warn, cookie, %error, "the end of a session could not be moved: the next request will try");
}

pub(super) fn feed_not_read(error: &StoreError) {
    event!(warn, %error, "the revocation feed could not be read: it is tried again every second");
}

pub(super) fn not_published(error: &StoreError) {
    event!(error, %error, "a revocation was not published: the caller was told that the session is unavailable");
}

pub(super) fn not_swept(error: &StoreError) {
    event!(warn, %error, "the session store could not be swept: the next turn will try");
}
