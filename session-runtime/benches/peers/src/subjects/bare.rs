//! The frameworks alone.

use axum::routing::get;
use http::StatusCode;

use super::actix::ActixPeer;
use crate::subject::{Protection, Role, Subject, at_root};

pub const AXUM: &str = "bare axum";
pub const ACTIX: &str = "bare actix-web";

#[must_use]
pub fn axum() -> Subject {
    Subject::axum(AXUM, Role::Baseline, Protection::None, |_, _| {
        at_root(get(handler))
    })
}

#[must_use]
pub fn actix() -> Subject {
    Subject::actix(ACTIX, Role::Baseline, Protection::None, ActixPeer::bare())
}

pub(super) async fn handler() -> StatusCode {
    StatusCode::OK
}
