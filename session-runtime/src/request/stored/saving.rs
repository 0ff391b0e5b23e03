//! What becomes of a stored session at the response head.

use core::pin::Pin;
use std::sync::Arc;

use tokio::runtime::Handle;

use super::{Owed, Stored};
use crate::codec::{Page, SetCookies};
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::log;
use crate::record::{Record, Stamp};
use crate::request::Outcome;
use crate::request::loaded::{Fate, Loaded};
use crate::request::store::Shared;
use crate::store::{Base, Committed, NewId, Ours, Times, Way};
use crate::time::time;

/// Ends with the cookies of the response and what the session came to, or with why the response must be another.
pub(crate) type Saving = Pin<Box<dyn Future<Output = Result<Saved, Unsaved>> + Send>>;

/// Why the response must be another.
pub(crate) struct Unsaved {
    pub(crate) error: Error,
    /// Of what was committed before under an id that the browser does not have yet.
    pub(crate) set_cookies: Option<SetCookies>,
}

/// What the store and the response now say of the session.
pub(crate) struct Saved {
    pub(crate) set_cookies: Option<SetCookies>,
    pub(crate) outcome: Outcome,
}

impl Saved {
    fn nothing(outcome: Outcome) -> Self {
        Self {
            set_cookies: None,
            outcome,
        }
    }
}

/// A touched session whose request is over.
pub(crate) struct Ending {
    pub(crate) loaded: Loaded,
    pub(crate) shared: Arc<Shared>,
    pub(crate) stored: Stored,
    pub(crate) page: Page,
    /// When the service was called.
    pub(crate) begin: u64,
}

/// What is to be written of a session, taken at one moment.
pub(super) struct Snapshot {
    pub(super) text: Vec<u8>,
    pub(super) shown: Vec<String>,
    pub(super) label: Option<String>,
    pub(super) new: Option<NewId>,
    pub(super) base: Option<Box<Base>>,
    pub(super) times: Times,
    pub(super) stamp: Stamp,
    /// What the response says of it.
    pub(super) outcome: Outcome,
}

impl Snapshot {
    pub(super) fn ours(&self) -> Ours<'_> {
        Ours {
            text: &self.text,
            shown: &self.shown,
            label: self.label.as_deref(),
        }
    }

    pub(super) fn way(&self) -> Option<Way<'_>> {
        match (&self.base, self.new) {
            (Some(base), Some(new)) => Some(Way::Renew(base, new)),
            (Some(base), None) => Some(Way::Save(base)),
            (None, Some(new)) => Some(Way::Create(new)),
            (None, None) => None,
        }
    }
}

impl Loaded {
    /// Whether the session goes under an id that is not in the store yet.
    pub(super) fn has_new_id(&self) -> bool {
        !matches!(self.fate, Fate::Active) || self.row.base.is_none()
    }

    /// Whether its cookie lives for another time than the one that the browser has.
    pub(super) fn is_lifetime_changed(&self, stored: &Stored) -> bool {
        let is_there = self.row.base.is_some();
        is_there
            && (self.record.lifetime() != self.row.lifetime
                || stored.longest(&self.record) != self.row.longest)
    }

    /// What is to be written now; `moves_end` where the row's end moves too.
    pub(super) fn snapshot(
        &mut self,
        shared: &Shared,
        stored: &Stored,
        (begin, now): (u64, u64),
        moves_end: bool,
    ) -> Snapshot {
        self.record.stamp.longest = stored.longest(&self.record);
        let expires_at = time(shared.codec.expires_at(&self.record, now));
        let is_restart = matches!(self.fate, Fate::Restarted);
        let new = self.has_new_id().then(|| NewId {
            sid: self.record.stamp.sid,
            born: self.record.born(),
            expires_at,
        });
        Snapshot {
            text: self.record.text(),
            shown: self.record.shown(),
            label: self.row.label.clone(),
            base: self.row.base.clone().filter(|_| !is_restart),
            new,
            times: Times {
                begin: time(begin),
                now: time(now),
                expires_at: moves_end.then_some(expires_at),
            },
            stamp: self.record.stamp,
            outcome: match self.fate {
                Fate::Restarted => Outcome::Restarted,
                _ if self.origin.is_none() => Outcome::New,
                _ => Outcome::Changed,
            },
        }
    }

    /// Calls the session so in lists.
    pub(crate) fn set_label(&mut self, label: String) -> Result<()> {
        self.check_not_destroyed()?;
        self.check_takes_changes(false)?;
        self.row.label = Some(label);
        self.keep = true;
        Ok(())
    }

    /// The ids under which the session came and goes.
    pub(crate) fn all_ids(&self) -> Vec<SessionId> {
        let mut ids = self.ids();
        ids.push(self.record.stamp.sid);
        ids.dedup();
        ids
    }

    /// The ids under which the session may be in the store.
    pub(super) fn ids(&self) -> Vec<SessionId> {
        let base = self.row.base.as_ref().map(|base| base.sid);
        let came = self.origin.or(self.row.sid);
        let mut ids: Vec<SessionId> = came.into_iter().chain(base).collect();
        ids.dedup();
        ids
    }

    /// Whether the session that came ends, or was to end.
    pub(super) fn ends_former(&self) -> bool {
        matches!(self.fate, Fate::Destroyed | Fate::Restarted)
    }
}

impl Ending {
    pub(crate) fn save(mut self, skipped: Option<Outcome>) -> Saving {
        Box::pin(async move {
            let saved = self.run(skipped).await;
            saved.map_err(|error| Unsaved {
                set_cookies: self.owed_beside(&error),
                error,
            })
        })
    }

    /// The response never goes out; but a session that the handler ended does end, in a task of its own.
    pub(crate) fn drop_response(self) {
        if !self.loaded.ends_former() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { drop(self.end_ids().await) });
        }
    }

    async fn run(&mut self, skipped: Option<Outcome>) -> Result<Saved> {
        let is_dropped = skipped.is_some();
        match self.loaded.fate {
            Fate::Destroyed => self.destroy().await,
            Fate::Restarted if is_dropped => self.destroy().await,
            _ if is_dropped => self.skip(skipped.unwrap_or(Outcome::Unchanged)),
            _ => match self.loaded.change() {
                Some(outcome) => self.change(outcome).await,
                None => self.keep().await,
            },
        }
    }

    async fn destroy(&self) -> Result<Saved> {
        self.end_ids().await?;
        let came = self.loaded.came;
        Ok(Saved {
            set_cookies: came.any().then(|| self.shared.codec.remove(came)),
            outcome: Outcome::Destroyed,
        })
    }

    async fn end_ids(&self) -> Result<()> {
        for id in self.loaded.ids() {
            self.stored.vault.destroy(self.stored.vault.id(&id)).await?;
        }
        Ok(())
    }

    /// Changes are dropped; but what was committed under a new id goes out.
    fn skip(&self, skipped: Outcome) -> Result<Saved> {
        if let Some(owed) = self.loaded.row.owed {
            return Ok(Saved {
                set_cookies: Some(self.committed(owed)?),
                outcome: owed.outcome,
            });
        }
        let is_changed = self.loaded.change().is_some();
        Ok(Saved::nothing(if is_changed {
            skipped
        } else {
            Outcome::Unchanged
        }))
    }

    /// The cookie of a session that was committed before this failed; one that is gone needs none.
    fn owed_beside(&self, error: &Error) -> Option<SetCookies> {
        let owed = self.loaded.row.owed;
        let owed = owed.filter(|_| !matches!(error, Error::Gone))?;
        self.committed(owed).ok()
    }

    /// The cookie of the session as it is in the store, without what is pending.
    fn committed(&self, owed: Owed) -> Result<SetCookies> {
        let loaded = &self.loaded;
        let text = loaded.row.base.as_ref().map_or(&[][..], |base| base.text());
        let there = loaded.record.rebased(text.to_vec());
        let mut there = there.map_err(|_| Error::Unavailable)?;
        there.stamp = owed.stamp;
        self.cookies(&there)
    }

    /// Nothing changed: the cookie is issued again where it is due, and the row's end moves with it.
    async fn keep(&mut self) -> Result<Saved> {
        if let Some(owed) = self.loaded.row.owed {
            return self.issued(owed.outcome);
        }
        let reissue = self.loaded.reissue(&self.shared);
        let reissue = reissue.filter(|_| !self.loaded.row.is_barred);
        let (Some(outcome), Some(base)) = (reissue, self.loaded.row.base.clone()) else {
            let mends = self.shared.codec.mends(self.loaded.came);
            return Ok(Saved {
                set_cookies: mends.then(|| self.shared.codec.mend(self.loaded.came)),
                outcome: Outcome::Unchanged,
            });
        };
        let now = self.shared.codec.now();
        self.loaded.record.stamp.longest = self.stored.longest(&self.loaded.record);
        let expires_at = self.shared.codec.expires_at(&self.loaded.record, now);
        if self
            .stored
            .vault
            .touch(&base, time(now), time(expires_at))
            .await
        {
            return self.issued(outcome);
        }
        Ok(Saved::nothing(Outcome::Unchanged))
    }

    async fn change(&mut self, outcome: Outcome) -> Result<Saved> {
        let loaded = &mut self.loaded;
        if loaded.row.is_barred && matches!(loaded.fate, Fate::Active) {
            return Ok(Saved::nothing(Outcome::Superseded));
        }
        let owed = loaded.row.owed;
        let outcome = owed
            .filter(|_| matches!(loaded.fate, Fate::Active))
            .map_or(outcome, |owed| owed.outcome);
        let is_renewal = matches!(loaded.fate, Fate::Renewed(_));
        let is_creation = loaded.row.base.is_none() || matches!(loaded.fate, Fate::Restarted);
        let sends = loaded.has_new_id() || owed.is_some();
        let sends = sends || loaded.is_lifetime_changed(&self.stored);
        let sends = sends || loaded.reissue(&self.shared).is_some();
        let can_wait = loaded.is_only_shown();
        match self.write(sends).await {
            // A call before the response head was dropped, or given up, while the store made the row.
            Ok(Committed::Gone) if is_creation => Err(Error::Unavailable),
            Ok(Committed::Gone) if is_renewal => Err(Error::Gone),
            Ok(Committed::Gone) => Ok(Saved::nothing(Outcome::Superseded)),
            Ok(Committed::Done(_) | Committed::Unneeded) if sends => self.issued(outcome),
            Ok(Committed::Done(_) | Committed::Unneeded) => Ok(Saved::nothing(outcome)),
            Err(Error::Unavailable) if can_wait => {
                log::flash_kept(self.shared.codec.name());
                Ok(Saved::nothing(Outcome::Unchanged))
            }
            Err(error) => Err(error),
        }
    }

    async fn write(&mut self, moves_end: bool) -> Result<Committed> {
        let now = self.shared.codec.now();
        let is_restart = matches!(self.loaded.fate, Fate::Restarted);
        if is_restart {
            self.end_ids().await?;
        }
        let (shared, stored) = (&self.shared, &self.stored);
        let times = (self.begin, now);
        let snapshot = self.loaded.snapshot(shared, stored, times, moves_end);
        let way = snapshot
            .way()
            .expect("a session without a row has a new id");
        stored
            .vault
            .save(way, snapshot.ours(), snapshot.times)
            .await
    }

    fn issued(&self, outcome: Outcome) -> Result<Saved> {
        Ok(Saved {
            set_cookies: Some(self.cookies(&self.loaded.record)?),
            outcome,
        })
    }

    fn cookies(&self, record: &Record) -> Result<SetCookies> {
        let codec = &self.shared.codec;
        let cookies = codec.issue(record, self.loaded.came, codec.now())?;
        self.shared.warn_of_place(&self.page);
        Ok(cookies)
    }
}

impl Loaded {
    /// Whether all that happened is that flashes were shown.
    fn is_only_shown(&self) -> bool {
        let is_active = matches!(self.fate, Fate::Active);
        is_active && !self.keep && self.row.label.is_none() && self.record.is_only_shown()
    }
}
