//! A session whose record is a row of a store: loaded before the handler, saved at the response head.

mod exact;
mod load;
mod rebase;
mod saving;
mod session;

pub(crate) use exact::{Step, names};
pub(super) use load::load;
pub(crate) use saving::{Ending, Saved, Saving, Unsaved};

use super::row::Snapshot;
use super::shared::{Shared, Stored};
use crate::error::Result;
use crate::id::SessionId;
use crate::store::{Base, Found};
use crate::time::time;

impl Stored {
    /// What became of the row that a call began to make and whose answer nobody had.
    async fn find(&self, shared: &Shared, sent: &Snapshot) -> Result<Option<Box<Base>>> {
        let now = time(shared.codec.now());
        Ok(match self.vault.load(&sent.stamp.sid, now).await? {
            Found::Session(base) if !base.is_retired() => Some(base),
            _ => None,
        })
    }

    /// Ends the sessions of these ids.
    async fn end(&self, ids: Vec<SessionId>) -> Result<()> {
        let ids: Vec<_> = ids.iter().map(|id| self.vault.id(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.vault.destroy_all(ids).await
    }
}
