//! The subjects, one file each: its application, with the handlers that its documentation would have you write.

pub mod actix;
pub mod axum_extra;
pub mod bare;
pub mod cookie_store;
pub mod ideal;
mod keyed;
pub mod layers;
pub mod ours;
pub mod primitives;
pub mod seshcookie;
pub mod tower_cookies;
pub mod tower_sessions;

use crate::subject::Subject;

/// Every subject, in the order of the tables.
#[must_use]
pub fn all() -> Vec<Subject> {
    vec![
        bare::axum(),
        bare::actix(),
        layers::empty(),
        layers::boxed_with_extension(),
        primitives::signed(),
        primitives::encrypted(),
        ideal::signed(),
        ours::signed(),
        ours::encrypted(),
        ours::signed_with_keyring(),
        ours::in_memory(),
        tower_cookies::signed(),
        tower_cookies::private(),
        axum_extra::signed(),
        axum_extra::private(),
        seshcookie::encrypted(),
        tower_sessions::memory_signed(),
        cookie_store::signed(),
        cookie_store::private(),
        actix::signed(),
        actix::private(),
    ]
}

/// The name of every subject's cookie.
pub const COOKIE: &str = "session";

/// What every subject's keys are made of; never used outside this harness.
pub const SECRET: [u8; 64] = {
    let mut bytes = [61_u8; 64];
    let mut i = 1;
    while i < 64 {
        bytes[i] = bytes[i - 1].wrapping_add(197);
        i += 1;
    }
    bytes
};
