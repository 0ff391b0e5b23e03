//! The operations of a store, each as one statement.

use std::time::SystemTime;

use tokio_postgres::Row as SqlRow;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::statement::{SWEPT, Statement};
use super::values::{column, corrupt, duration, ids, listed, millis, notice, session, slot, time};
use crate::store::protocol::{self, gone_after};
use crate::store::{
    Create, Created, Destroyed, List, Listed, Loaded, Notice, Notices, OwnerId, Replace, Row, Save,
    Saved, SessionStore, StoreError, StoreId, Subject, Touch, Touched,
};

/// The most sessions of an owner that one trip ends, so that it fits into the time of a trip.
const ENDED: i64 = 250;

type Answer<T> = Result<T, StoreError>;

fn owner(owner: Option<&OwnerId>) -> Option<&[u8]> {
    owner.map(|owner| &owner.as_bytes()[..])
}

fn list_of(ids: &[StoreId]) -> Vec<&[u8]> {
    ids.iter().map(|id| &id.as_bytes()[..]).collect()
}

fn label(row: &Row) -> Option<&[u8]> {
    row.label.as_ref().map(String::as_bytes)
}

/// Some sessions were ended before the failure, so the caller must repeat the call.
fn half_done(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(reason) => StoreError::InDoubt(reason),
        other => other,
    }
}

fn only(rows: &[SqlRow]) -> Answer<&SqlRow> {
    rows.first().ok_or_else(|| corrupt("an answer"))
}

fn saved(rows: &[SqlRow]) -> Answer<Saved> {
    let row = only(rows)?;
    match column::<i16>(row, 0)? {
        0 => Ok(Saved::Done),
        1 => Ok(Saved::Conflict(session(row)?)),
        2 => Ok(Saved::Gone),
        3 => Ok(Saved::Refused),
        _ => Err(corrupt("an answer")),
    }
}

impl SessionStore for PostgresStore {
    async fn load(&self, id: &StoreId) -> Answer<Loaded> {
        let (now, id) = (self.settings.now(), &id.as_bytes()[..]);
        let rows = self.call(Statement::Load, &[&now, &id]).await?;
        let Some(row) = rows.first() else {
            return Ok(Loaded::Absent);
        };
        Ok(protocol::load(Some(slot(row)?), time(column(row, 0)?)?))
    }

    async fn create(&self, create: &Create) -> Answer<Created> {
        let row = &create.row;
        let rows = self
            .call(
                Statement::Create,
                &[
                    &self.settings.now(),
                    &&create.id.as_bytes()[..],
                    &&row.version.as_bytes()[..],
                    &row.payload,
                    &owner(row.owner.as_ref()),
                    &label(row),
                    &millis(row.born),
                    &millis(row.seen_at),
                    &millis(row.expires_at),
                    &millis(gone_after(row.expires_at)),
                    &millis(create.begin),
                ],
            )
            .await?;
        match column::<i16>(only(&rows)?, 0)? {
            0 => Ok(Created::Done),
            1 => Ok(Created::Taken),
            3 => Ok(Created::Refused),
            _ => Err(corrupt("an answer")),
        }
    }

    async fn save(&self, save: &Save) -> Answer<Saved> {
        let row = &save.row;
        let rows = self
            .call(
                Statement::Save,
                &[
                    &self.settings.now(),
                    &&save.id.as_bytes()[..],
                    &&save.expected.as_bytes()[..],
                    &owner(save.filed.as_ref()),
                    &&row.version.as_bytes()[..],
                    &row.payload,
                    &owner(row.owner.as_ref()),
                    &label(row),
                    &millis(row.born),
                    &millis(row.seen_at),
                    &millis(row.expires_at),
                    &millis(gone_after(row.expires_at)),
                    &save.moves_end,
                    &millis(save.begin),
                ],
            )
            .await?;
        saved(&rows)
    }

    async fn replace(&self, replace: &Replace) -> Answer<Saved> {
        let row = &replace.row;
        let earlier = replace.earlier.as_ref();
        let rows = self
            .call(
                Statement::Replace,
                &[
                    &self.settings.now(),
                    &&replace.old.as_bytes()[..],
                    &&replace.expected.as_bytes()[..],
                    &replace.keeps_old,
                    &&replace.new.as_bytes()[..],
                    &&row.version.as_bytes()[..],
                    &row.payload,
                    &owner(row.owner.as_ref()),
                    &label(row),
                    &millis(row.born),
                    &millis(row.seen_at),
                    &millis(row.expires_at),
                    &millis(gone_after(row.expires_at)),
                    &earlier.map(|earlier| &earlier.as_bytes()[..]),
                    &millis(replace.begin),
                ],
            )
            .await?;
        saved(&rows)
    }

    async fn touch(&self, touch: &Touch) -> Answer<Touched> {
        let rows = self
            .call(
                Statement::Touch,
                &[
                    &self.settings.now(),
                    &&touch.id.as_bytes()[..],
                    &&touch.expected.as_bytes()[..],
                    &millis(touch.seen_at),
                    &millis(touch.expires_at),
                    &millis(gone_after(touch.expires_at)),
                ],
            )
            .await?;
        match column::<i16>(only(&rows)?, 0)? {
            0 => Ok(Touched::Done),
            1 => Ok(Touched::MovedOn),
            2 => Ok(Touched::Gone),
            _ => Err(corrupt("an answer")),
        }
    }

    async fn destroy(&self, id: &StoreId) -> Answer<Destroyed> {
        let (now, id) = (self.settings.now(), &id.as_bytes()[..]);
        let rows = self.call(Statement::Destroy, &[&now, &id]).await?;
        let row = only(&rows)?;
        Ok(Destroyed {
            was_there: column(row, 0)?,
            successors: ids(row, 1)?,
        })
    }

    async fn list(&self, list: &List) -> Answer<Vec<Listed>> {
        let owner = &list.owner.as_bytes()[..];
        let limit = i64::try_from(list.limit).unwrap_or(i64::MAX);
        let values: [&(dyn ToSql + Sync); 3] = [&owner, &millis(list.now), &limit];
        let rows = self.call(Statement::List, &values).await?;
        rows.iter().map(listed).collect()
    }

    async fn destroy_owner(&self, owner: &OwnerId, except: &[StoreId]) -> Answer<u64> {
        let (owner, except) = (&owner.as_bytes()[..], list_of(except));
        let mut all = 0;
        let mut sets = true;
        loop {
            let now = self.settings.now();
            let values: [&(dyn ToSql + Sync); 5] = [&now, &owner, &except, &sets, &ENDED];
            let rows = self.call(Statement::DestroyOwner, &values).await;
            let rows = rows.map_err(|error| if sets { error } else { half_done(error) })?;
            let ended: i64 = column(only(&rows)?, 0)?;
            all += u64::try_from(ended).unwrap_or(0);
            if ended < ENDED {
                return Ok(all);
            }
            sets = false;
        }
    }

    async fn publish(&self, published: &Notice) -> Answer<()> {
        let (id, owner, spared) = match &published.subject {
            Subject::Id(id) => (Some(&id.as_bytes()[..]), None, None),
            Subject::Owner { owner, except } => {
                (None, Some(&owner.as_bytes()[..]), Some(list_of(except)))
            }
        };
        let now = self.settings.now();
        let write = &published.write.as_bytes()[..];
        let keep_for = duration(published.keep_for);
        self.call(
            Statement::Publish,
            &[&now, &write, &keep_for, &id, &owner, &spared],
        )
        .await
        .map(|_| ())
    }

    async fn published(&self, since: Option<SystemTime>) -> Answer<Notices> {
        let (now, since) = (self.settings.now(), since.map_or(0, millis));
        let rows = self.call(Statement::Published, &[&now, &since]).await?;
        let notices: Answer<Vec<_>> = rows
            .iter()
            .filter_map(|row| notice(row).transpose())
            .collect();
        Ok(Notices {
            read_at: time(column(only(&rows)?, 0)?)?,
            notices: notices?,
        })
    }

    async fn sweep(&self) -> Answer<u64> {
        let mut swept = 0;
        loop {
            let now = self.settings.now();
            let rows = self.call(Statement::Sweep, &[&now, &SWEPT]).await?;
            let row = only(&rows)?;
            let (sessions, most): (i64, i64) = (column(row, 0)?, column(row, 1)?);
            swept += u64::try_from(sessions).unwrap_or(0);
            if most < SWEPT {
                return Ok(swept);
            }
        }
    }
}
