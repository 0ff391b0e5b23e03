//! tower-sessions with its memory store: a signed cookie holds an id, the session stays in the server.

use tower_sessions::cookie::Key;
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

use super::{COOKIE, SECRET, keyed::keyed_routes};
use crate::subject::{Protection, Role, Subject, at_root};

keyed_routes!(Session);

#[must_use]
pub fn memory_signed() -> Subject {
    let layer = SessionManagerLayer::new(MemoryStore::default())
        .with_name(COOKIE)
        .with_signed(Key::from(&SECRET));
    Subject::axum(
        "tower-sessions, memory store, signed",
        Role::Peer,
        Protection::Signed,
        move |operation, account| at_root(route(operation, account)).layer(layer.clone()),
    )
    .server_side()
}
