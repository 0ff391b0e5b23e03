//! tower-sessions with its memory store: a signed cookie holds an id, the session stays in the server.

use tower_sessions::cookie::Key;
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

use super::{COOKIE, SECRET, keyed::keyed_routes};
use crate::subject::{Protection, Role, Subject, at_root};

keyed_routes!(Session);

pub const IN_MEMORY: &str = "tower-sessions, memory store, signed";

#[must_use]
pub fn memory_signed() -> Subject {
    let layer = SessionManagerLayer::new(MemoryStore::default())
        .with_name(COOKIE)
        .with_signed(Key::from(&SECRET));
    Subject::axum(
        IN_MEMORY,
        Role::Peer,
        Protection::Signed,
        move |operation, account| at_root(route(operation, account)).layer(layer.clone()),
    )
    .server_side()
}
