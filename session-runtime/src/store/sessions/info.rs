//! One session of a list.

use std::time::SystemTime;

use crate::store::{Listed, StoreId};

/// A session as its owner may see it: no secret, and nothing of what it holds.
#[derive(Clone, Debug)]
pub struct SessionInfo {
    listed: Listed,
}

impl SessionInfo {
    pub(super) fn new(listed: Listed) -> Self {
        Self { listed }
    }

    /// Its id, which may go to the browser: [`Sessions::revoke_one`](super::Sessions::revoke_one) takes it back.
    #[must_use]
    pub fn id(&self) -> StoreId {
        self.listed.id
    }

    /// When it began, or was last renewed.
    #[must_use]
    pub fn born(&self) -> SystemTime {
        self.listed.born
    }

    /// When it was last saved, or its end was moved. Reads alone are not seen, so it may be old by half of the
    /// session's lifetime.
    #[must_use]
    pub fn last_seen(&self) -> SystemTime {
        self.listed.seen_at
    }

    /// When it ends, unless it is used before.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.listed.expires_at
    }

    /// What the application called it.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.listed.label.as_deref()
    }
}
