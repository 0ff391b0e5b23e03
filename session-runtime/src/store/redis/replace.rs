//! Replaces a session by one with a new id. The rows may be in two slots of a cluster. The new row is written first.

use super::answers::{as_in_doubt, saved};
use super::link::Trip;
use super::{RedisStore, scripts};
use crate::store::{Loaded, Replace, Saved, StoreError};

impl RedisStore {
    pub(super) async fn replace_all(&self, replace: &Replace) -> Result<Saved, StoreError> {
        let (owner, ids) = (replace.row.owner.as_ref(), (&replace.new, &replace.old));
        if self.is_refused(owner, replace.begin, ids).await? {
            return self.refused_replacement(replace).await;
        }
        let earlier = replace
            .earlier
            .map_or_else(Vec::new, |earlier| earlier.as_bytes().to_vec());
        let opened = self
            .put(&scripts::OPEN, &replace.new, &replace.row, &[&earlier])
            .await?;
        if saved(&opened)? != Saved::Done {
            return Ok(Saved::Gone);
        }
        let keeps: &[u8] = if replace.keeps_old { b"1" } else { b"0" };
        let arguments: [&[u8]; 3] = [replace.expected.as_bytes(), keeps, replace.new.as_bytes()];
        let key = self.row_key(&replace.old);
        // The new row exists. A call that fails from here on may have succeeded.
        let retired = self
            .run(&scripts::RETIRE, &key, Trip::Write, &arguments)
            .await;
        let answer = saved(&retired.map_err(as_in_doubt)?)?;
        match &answer {
            Saved::Gone => {
                let ended = self.end(&replace.new, &[b"", b""]).await;
                ended.map_err(as_in_doubt)?;
            }
            Saved::Conflict(_) => {
                // Another attempt overwrites a row that could not be withdrawn.
                let version: [&[u8]; 1] = [replace.row.version.as_bytes()];
                let key = self.row_key(&replace.new);
                let _withdrawn = self
                    .run(&scripts::WITHDRAW, &key, Trip::Write, &version)
                    .await;
            }
            Saved::Done | Saved::Refused => {}
        }
        Ok(answer)
    }

    /// The answer that a refused replacement would have had.
    async fn refused_replacement(&self, replace: &Replace) -> Result<Saved, StoreError> {
        let is_free = match self.load_row(&replace.new).await? {
            Loaded::Absent => true,
            Loaded::Row(row) => {
                row.version == replace.row.version || Some(row.version) == replace.earlier
            }
            _ => false,
        };
        Ok(match self.load_row(&replace.old).await? {
            _ if !is_free => Saved::Gone,
            Loaded::Row(row) | Loaded::Retired(row) if row.version == replace.expected => {
                Saved::Refused
            }
            Loaded::Row(row) | Loaded::Retired(row) => Saved::Conflict(row),
            Loaded::Ended(ended) if ended.successors.contains(&replace.new) => Saved::Done,
            _ => Saved::Gone,
        })
    }
}
