//! The feed as the hook of a layer: it checks the session of a cookie.

use super::RevocationFeed;
use crate::error::{BoxError, ConfigError};
use crate::id::SessionId;
use crate::key::KeyInfo;
use crate::record::Record;
use crate::revocation::Verdict;
use crate::store::scope::{Owners, Scope};
use crate::store::{OwnerId, StoreId};

/// A layer's cookie and the key of its owner.
#[derive(Clone)]
pub(crate) struct FeedCookie {
    name: String,
    context: String,
    scope: Scope,
    owner: Option<(&'static KeyInfo, Owners)>,
    max_age: u64,
}

impl FeedCookie {
    /// The cookie of this name and context, whose sessions live for at most `max_age` seconds.
    pub(crate) fn new(
        (name, context): (&str, &str),
        owner: Option<&'static KeyInfo>,
        max_age: u64,
    ) -> Result<Self, ConfigError> {
        let scope = Scope::new(name, context)?;
        let owner = match owner {
            Some(owner) => Some((owner, scope.owners(owner.name())?)),
            None => None,
        };
        Ok(Self {
            name: name.to_owned(),
            context: context.to_owned(),
            owner,
            scope,
            max_age,
        })
    }

    pub(crate) fn max_age(&self) -> u64 {
        self.max_age
    }

    pub(super) fn owner_key(&self) -> Option<&str> {
        self.owner.as_ref().map(|(key, _)| key.name())
    }

    pub(super) fn owner(&self, value: &[u8]) -> Option<OwnerId> {
        self.owner.as_ref().map(|(_, owners)| owners.id(value))
    }

    pub(crate) fn ids(&self, sids: &[SessionId]) -> Vec<StoreId> {
        sids.iter().map(|sid| self.scope.id(sid)).collect()
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        let names = |cookie: &Self| (cookie.name.clone(), cookie.context.clone());
        names(self) == names(other) && self.owner_key() == other.owner_key()
    }

    fn owner_of(&self, record: &Record) -> Option<OwnerId> {
        let (key, owners) = self.owner.as_ref()?;
        let value = record.raw(key.name(), Some(key))?;
        Some(owners.id(value.bytes()))
    }
}

/// A feed that a layer uses.
#[derive(Clone)]
pub(crate) struct Asking {
    feed: RevocationFeed,
    /// `None` until the layer sets it.
    cookie: Option<FeedCookie>,
}

impl Asking {
    pub(crate) fn new(feed: RevocationFeed) -> Self {
        Self { feed, cookie: None }
    }

    /// Sets the layer's cookie. From now on its owners' sessions can be revoked.
    pub(crate) fn set_cookie(&mut self, cookie: FeedCookie) {
        if cookie.owner.is_some() {
            self.feed.feed.join(&cookie);
        }
        self.cookie = Some(cookie);
    }

    /// The cookie, if the layer uses this feed.
    pub(crate) fn cookie_of(&self, feed: &RevocationFeed) -> Option<&FeedCookie> {
        self.cookie.as_ref().filter(|_| self.feed.is(feed))
    }

    /// The feed's verdict on the session, without a trip to the store.
    pub(crate) fn judge(&self, record: &Record) -> Result<Verdict, BoxError> {
        let cookie = self.cookie.as_ref();
        let cookie = cookie.ok_or("the revocation feed was given to no layer")?;
        let revoked = &self.feed.feed.revoked;
        let id = cookie.scope.id(&record.stamp.sid);
        if revoked.has_id(&id) {
            return Ok(Verdict::Revoked);
        }
        if revoked.has_owners()
            && let Some(owner) = cookie.owner_of(record)
            && revoked.has_ended(&owner, record.begun_by(), &id)
        {
            return Ok(Verdict::Revoked);
        }
        self.feed.check_fresh().map(|()| Verdict::Valid)
    }
}
