//! tower-sessions-cookie-store: tower-sessions' record, all of it in the cookie.

use tower_sessions_cookie_store::{CookieSessionConfig, CookieSessionManagerLayer, Key, Session};

use super::{COOKIE, SECRET, keyed::keyed_routes};
use crate::subject::{Protection, Role, Subject, at_root};

keyed_routes!(Session);

/// The largest session of the workloads passes the default limit of 4096 bytes.
fn config() -> CookieSessionConfig {
    CookieSessionConfig::default()
        .with_name(COOKIE)
        .with_max_cookie_bytes(16 * 1024)
}

#[must_use]
pub fn signed() -> Subject {
    let layer = CookieSessionManagerLayer::signed(Key::from(&SECRET)).with_config(config());
    Subject::axum(
        "tower-sessions-cookie-store signed",
        Role::Peer,
        Protection::Signed,
        move |operation, account| at_root(route(operation, account)).layer(layer.clone()),
    )
}

#[must_use]
pub fn private() -> Subject {
    let layer = CookieSessionManagerLayer::private(Key::from(&SECRET)).with_config(config());
    Subject::axum(
        "tower-sessions-cookie-store private",
        Role::Peer,
        Protection::Encrypted,
        move |operation, account| at_root(route(operation, account)).layer(layer.clone()),
    )
}
