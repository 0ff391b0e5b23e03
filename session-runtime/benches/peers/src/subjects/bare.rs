//! The frameworks alone.

use axum::routing::get;
use http::StatusCode;

use crate::subject::{ActixPeer, BARE_ACTIX, BARE_AXUM, Protection, Role, Subject, at_root};

#[must_use]
pub fn axum() -> Subject {
    Subject::axum(BARE_AXUM, Role::Baseline, Protection::None, |_, _| {
        at_root(get(handler))
    })
}

#[must_use]
pub fn actix() -> Subject {
    Subject::actix(
        BARE_ACTIX,
        Role::Baseline,
        Protection::None,
        ActixPeer::Bare,
    )
}

pub(super) async fn handler() -> StatusCode {
    StatusCode::OK
}
