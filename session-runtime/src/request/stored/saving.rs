//! What becomes of a stored session at the response head.

use core::pin::Pin;

use tokio::runtime::Handle;

use crate::codec::{Page, SetCookies};
use crate::error::{Error, Result};
use crate::log;
use crate::record::Record;
use crate::request::Outcome;
use crate::request::loaded::{Fate, Loaded};
use crate::request::row::Owed;
use crate::request::shared::{Shared, Stored};
use crate::store::Committed;
use crate::stripe::Counted;
use crate::time::time;

/// Ends with the cookies of the response and what the session came to, or with why the response must be another.
pub(crate) type Saving = Pin<Box<dyn Future<Output = Result<Saved, Unsaved>> + Send>>;

/// Why the response must be another.
pub(crate) struct Unsaved {
    pub(crate) error: Error,
    /// Of what was committed before under an id that the browser does not have yet.
    pub(crate) set_cookies: Option<SetCookies>,
    /// Whether that was a restart.
    pub(crate) ended: bool,
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
    pub(crate) shared: Counted<Shared>,
    pub(crate) stored: Stored,
    pub(crate) page: Page,
    /// When the service was called.
    pub(crate) begin: u64,
}

impl Loaded {
    /// What a session comes to that stays as it came, of which the store need not know.
    pub(in crate::request) fn settled(&self, shared: &Shared) -> Option<Saved> {
        let is_as_it_came = matches!(self.fate, Fate::Active)
            && self.row.attempt.is_none()
            && self.row.owed.is_none()
            && self.change().is_none()
            && self.reissue(shared).is_none();
        is_as_it_came.then(|| self.unchanged(shared))
    }

    fn unchanged(&self, shared: &Shared) -> Saved {
        let codec = &shared.codec;
        Saved {
            set_cookies: codec.mends(self.came).then(|| codec.mend(self.came)),
            outcome: Outcome::Unchanged,
        }
    }
}

impl Ending {
    pub(crate) fn save(mut self: Box<Self>, skipped: Option<Outcome>) -> Saving {
        Box::pin(async move {
            let saved = self.run(skipped).await;
            saved.map_err(|error| self.unsaved(error))
        })
    }

    /// The response never goes out; but a session that the handler ended does end, in a task of its own.
    pub(crate) fn drop_response(self: Box<Self>) {
        if !self.loaded.ends_former() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { drop(self.end().await) });
        }
    }

    async fn run(&mut self, skipped: Option<Outcome>) -> Result<Saved> {
        match self.loaded.fate {
            Fate::Destroyed => return self.destroy().await,
            Fate::Restarted if skipped.is_some() => return self.destroy().await,
            _ => self.reclaim().await?,
        };
        if let Some(skipped) = skipped {
            return self.skip(skipped);
        }
        match self.finish().await {
            Err(_) if self.reclaim().await? => self.finish().await,
            result => result,
        }
    }

    async fn finish(&mut self) -> Result<Saved> {
        match self.loaded.change() {
            Some(outcome) => self.change(outcome).await,
            None => self.keep().await,
        }
    }

    async fn destroy(&self) -> Result<Saved> {
        self.end().await?;
        let came = self.loaded.came;
        Ok(Saved {
            set_cookies: came.any().then(|| self.shared.codec.remove(came)),
            outcome: Outcome::Destroyed,
        })
    }

    /// Ends the session that came.
    async fn end(&self) -> Result<()> {
        self.stored.end(self.loaded.ids()).await
    }

    /// Goes on from the row that a call in the handler made, where that had no answer; whether there is one.
    async fn reclaim(&mut self) -> Result<bool> {
        let Some(sent) = self.loaded.row.attempt.clone() else {
            return Ok(false);
        };
        let Some(base) = self.stored.find(&self.shared, &sent).await? else {
            return Ok(false);
        };
        let (shared, stored) = (&self.shared, &self.stored);
        self.loaded.rebase(shared, stored, (&sent, None), base)?;
        Ok(true)
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

    /// The response that says so, with the cookie of what was committed before; a session that is gone needs none.
    fn unsaved(&self, error: Error) -> Unsaved {
        let owed = self.loaded.row.owed;
        let owed = owed.filter(|_| !matches!(error, Error::Gone));
        Unsaved {
            error,
            set_cookies: owed.and_then(|owed| self.committed(owed).ok()),
            ended: owed.is_some_and(|owed| matches!(owed.outcome, Outcome::Restarted)),
        }
    }

    /// The cookie of the session as it is in the store, without what is pending.
    fn committed(&self, owed: Owed) -> Result<SetCookies> {
        let base = self.loaded.row.base.as_ref();
        let mut there = self.there(base.map_or(&[][..], |base| base.text()))?;
        there.stamp = owed.stamp;
        self.cookies(&there)
    }

    /// The session with this payload, which is in the store.
    fn there(&self, text: &[u8]) -> Result<Record> {
        let there = self.loaded.record.rebased(text.to_vec());
        let mut there = there.map_err(|_| Error::Unavailable)?;
        there.stamp.longest = self.stored.longest(&there);
        Ok(there)
    }

    /// Nothing changed: the cookie is issued again where it is due, and the row's end moves with it.
    async fn keep(&mut self) -> Result<Saved> {
        if let Some(owed) = self.loaded.row.owed {
            return self.issued(owed.outcome);
        }
        let reissue = self.loaded.reissue(&self.shared);
        let reissue = reissue.filter(|_| !self.loaded.row.is_barred);
        let (Some(outcome), Some(base)) = (reissue, self.loaded.row.base.clone()) else {
            return Ok(self.loaded.unchanged(&self.shared));
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
        let owed = loaded.row.owed.map(|owed| owed.outcome);
        let is_active = matches!(loaded.fate, Fate::Active);
        let told = owed.filter(|owed| is_active || *owed == Outcome::Restarted);
        let outcome = told.unwrap_or(outcome);
        let is_renewal = matches!(loaded.fate, Fate::Renewed(_));
        let sends = loaded.has_new_id() || owed.is_some();
        let sends = sends || loaded.is_lifetime_changed(&self.stored);
        let sends = sends || loaded.reissue(&self.shared).is_some();
        let can_wait = loaded.is_only_shown();
        match self.write(sends).await {
            Ok(Committed::Gone) if self.loaded.is_own_doing() => Err(Error::Unavailable),
            Ok(Committed::Gone) if is_renewal => Err(Error::Gone),
            Ok(Committed::Gone) => Ok(Saved::nothing(Outcome::Superseded)),
            Ok(Committed::Done(base)) if sends => Ok(Saved {
                set_cookies: Some(self.cookies(&self.there(base.text())?)?),
                outcome,
            }),
            Ok(Committed::Done(_) | Committed::Unneeded) => Ok(Saved::nothing(outcome)),
            Err(Error::Unavailable) if can_wait => {
                log::flash_kept(self.shared.codec.name());
                self.skip(Outcome::Unchanged)
            }
            Err(error) => Err(error),
        }
    }

    async fn write(&mut self, moves_end: bool) -> Result<Committed> {
        let now = self.shared.codec.now();
        if matches!(self.loaded.fate, Fate::Restarted) {
            self.end().await?;
        }
        let (shared, stored) = (&self.shared, &self.stored);
        let times = (self.begin, now);
        let sent = self.loaded.snapshot(shared, stored, times, moves_end);
        let vault = &stored.vault;
        vault.save(sent.way(), sent.ours(), sent.times).await
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
