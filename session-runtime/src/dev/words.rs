//! The sentences that explain what happened.

use crate::log::Warning;
use crate::request::{Became, Noted, Outcome};

/// Why a response set a cookie or set none.
pub(super) fn became(noted: &Noted) -> &'static str {
    match noted.became {
        Became::Untouched => "No handler asked for the session.",
        Became::Unavailable => "The session could not be loaded or judged: every call was refused.",
        #[cfg(feature = "store")]
        Became::NotSaved => "The store could not take the changes: the response was replaced.",
        Became::Dropped => "The handler panicked or was dropped: its changes were too.",
        Became::Closed(outcome) => closed(outcome, noted.set.is_some()),
    }
}

fn closed(outcome: Outcome, is_set: bool) -> &'static str {
    match outcome {
        Outcome::Unchanged => "It was read, and nothing changed.",
        Outcome::New => "A new session began.",
        Outcome::Changed if is_set => "It was changed.",
        Outcome::Changed => "It was changed in the store; the browser's cookie is as it was.",
        Outcome::Refreshed => "It was due: its time begins anew.",
        Outcome::Rekeyed => "It was under an older key or in an older format.",
        Outcome::Destroyed if is_set => "The session was destroyed.",
        Outcome::Destroyed => "The session was destroyed, and the browser had no cookie of it.",
        Outcome::Restarted => "The session ended, and a new one began.",
        Outcome::Superseded => {
            "Changes were dropped: the session was signed out, renewed or saved while this request was in flight."
        }
        Outcome::Skipped5xx => "Changes were dropped: the response is a failure (see SavePolicy).",
        Outcome::Skipped408 => "Changes were dropped: a timeout dropped the handler half-way.",
    }
}

/// What the browser does with a cookie that does not suit its page.
pub(super) fn misplaced(warning: Warning) -> &'static str {
    match warning {
        Warning::NotSecure => {
            "It will be dropped: Secure over http on this name, which is no loopback name. Serve the page over https, or turn \
             secure off for development, under a name without __Host- and __Secure-."
        }
        Warning::OutsideDomain => {
            "It will be dropped: this host is outside of its domain, or the domain is a top-level one, which is no site's. Set \
             the domain to this host or a parent of it, or leave it out."
        }
        Warning::OutsidePath => {
            "It will be kept, and not sent to this page, which is outside of its path. Set the path to \"/\" or to a path above \
             this page's."
        }
        _ => "It will not come back.",
    }
}
