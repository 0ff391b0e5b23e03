//! The operations of a store, as statements in one transaction.

use std::cell::RefCell;
use std::time::SystemTime;

use rusqlite::{Connection, params};

use super::slots::{self, bytes, column, corrupt, find, get, join, millis, put, split, time};
use super::worker::failed;
use crate::store::protocol::{self, OwnerPlace};
use crate::store::{
    Create, Created, Destroyed, List, Listed, Loaded, Notice, Notices, OwnerId, Replace, Save,
    Saved, StoreError, StoreId, Subject, Touch, Touched, WriteId,
};

/// The most rows that one step of a sweep removes.
const STEP: i64 = 500;
/// How long the time of an owner's last ending is kept, in milliseconds.
const PLACE: i64 = 86_400_000;

type Answer<T> = Result<T, StoreError>;

/// Runs a step of the protocol, which reads an owner's last ending if it needs it.
fn with_place<T>(
    connection: &Connection,
    step: impl FnOnce(&dyn Fn(&OwnerId) -> Option<OwnerPlace>) -> T,
) -> Answer<T> {
    let failure = RefCell::new(None);
    let answer = step(&|owner| match place(connection, owner) {
        Ok(place) => place,
        Err(error) => {
            failure.replace(Some(error));
            None
        }
    });
    failure.into_inner().map_or(Ok(answer), Err)
}

fn place(connection: &Connection, owner: &OwnerId) -> Answer<Option<OwnerPlace>> {
    let sql = "SELECT at, spared FROM session_place WHERE owner = ?1";
    find(connection, sql, owner.as_bytes(), |row| {
        Ok(OwnerPlace {
            at: time(column(row, "at")?)?,
            spared: split(&column::<Vec<u8>>(row, "spared")?)?,
        })
    })
}

pub(super) fn load(connection: &Connection, id: &StoreId, now: SystemTime) -> Answer<Loaded> {
    Ok(protocol::load(get(connection, id)?, now))
}

pub(super) fn create(connection: &Connection, create: &Create, now: SystemTime) -> Answer<Created> {
    let slot = get(connection, &create.id)?;
    let (created, slot) = with_place(connection, |place| {
        protocol::create(slot, create, now, place)
    })?;
    slot.map_or(Ok(()), |slot| put(connection, &create.id, &slot))?;
    Ok(created)
}

pub(super) fn save(connection: &Connection, save: &Save, now: SystemTime) -> Answer<Saved> {
    let slot = get(connection, &save.id)?;
    let (saved, slot) = with_place(connection, |place| protocol::save(slot, save, now, place))?;
    slot.map_or(Ok(()), |slot| put(connection, &save.id, &slot))?;
    Ok(saved)
}

pub(super) fn replace(
    connection: &Connection,
    replace: &Replace,
    now: SystemTime,
) -> Answer<Saved> {
    let both = (
        get(connection, &replace.old)?,
        get(connection, &replace.new)?,
    );
    let (saved, both) = with_place(connection, |place| {
        protocol::replace(both, replace, now, place)
    })?;
    if let Some((old, new)) = both {
        put(connection, &replace.old, &old)?;
        put(connection, &replace.new, &new)?;
    }
    Ok(saved)
}

pub(super) fn touch(connection: &Connection, touch: &Touch, now: SystemTime) -> Answer<Touched> {
    let (touched, slot) = protocol::touch(get(connection, &touch.id)?, touch, now);
    slot.map_or(Ok(()), |slot| slots::move_end(connection, &touch.id, &slot))?;
    Ok(touched)
}

/// Ends the session, even if its row can't be read.
pub(super) fn destroy(connection: &Connection, id: &StoreId, now: SystemTime) -> Answer<Destroyed> {
    let slot = match get(connection, id) {
        Err(StoreError::Corrupt(_)) => None,
        slot => slot?,
    };
    let (destroyed, slot) = protocol::destroy(slot, now);
    put(connection, id, &slot)?;
    Ok(destroyed)
}

pub(super) fn list(connection: &Connection, list: &List) -> Answer<Vec<Listed>> {
    const SQL: &str = "SELECT id, label, born, seen_at, expires_at FROM session \
        WHERE owner = ?1 AND state = 0 AND expires_at > ?2 ORDER BY born DESC, id DESC LIMIT ?3";
    let mut statement = connection.prepare_cached(SQL).map_err(failed)?;
    let limit = i64::try_from(list.limit).unwrap_or(i64::MAX);
    let mut rows = statement
        .query(params![list.owner.as_bytes(), millis(list.now), limit])
        .map_err(failed)?;
    let mut listed = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        listed.push(Listed {
            id: StoreId::from_bytes(bytes(&column::<Vec<u8>>(row, "id")?, "an id")?),
            label: column(row, "label")?,
            born: time(column(row, "born")?)?,
            seen_at: time(column(row, "seen_at")?)?,
            expires_at: time(column(row, "expires_at")?)?,
        });
    }
    Ok(listed)
}

pub(super) fn destroy_owner(
    connection: &Connection,
    owner: &OwnerId,
    except: &[StoreId],
    now: SystemTime,
) -> Answer<u64> {
    const SET: &str =
        "INSERT OR REPLACE INTO session_place (owner, at, spared) VALUES (?1, ?2, ?3)";
    let mut statement = connection.prepare_cached(SET).map_err(failed)?;
    statement
        .execute(params![owner.as_bytes(), millis(now), join(except)])
        .map_err(failed)?;
    let mut ended = 0;
    for id in ids_of(connection, owner)?
        .iter()
        .filter(|id| !except.contains(id))
    {
        destroy(connection, id, now)?;
        ended += 1;
    }
    Ok(ended)
}

fn ids_of(connection: &Connection, owner: &OwnerId) -> Answer<Vec<StoreId>> {
    const SQL: &str = "SELECT id FROM session WHERE owner = ?1 AND state = 0";
    let mut statement = connection.prepare_cached(SQL).map_err(failed)?;
    let mut rows = statement.query([owner.as_bytes()]).map_err(failed)?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        ids.push(StoreId::from_bytes(bytes(
            &column::<Vec<u8>>(row, "id")?,
            "an id",
        )?));
    }
    Ok(ids)
}

pub(super) fn publish(connection: &Connection, notice: &Notice, now: SystemTime) -> Answer<()> {
    const SQL: &str = "INSERT INTO session_notice (write, at, until, id, owner, spared) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (write) DO NOTHING";
    let until = now.checked_add(notice.keep_for).map_or(i64::MAX, millis);
    let (id, owner, spared) = match &notice.subject {
        Subject::Id(id) => (Some(id.as_bytes()), None, None),
        Subject::Owner { owner, except } => (None, Some(owner.as_bytes()), Some(join(except))),
    };
    let mut statement = connection.prepare_cached(SQL).map_err(failed)?;
    let published = statement.execute(params![
        notice.write.as_bytes(),
        millis(now),
        until,
        id,
        owner,
        spared
    ]);
    published.map(|_| ()).map_err(failed)
}

pub(super) fn published(
    connection: &Connection,
    since: Option<SystemTime>,
    now: SystemTime,
) -> Answer<Notices> {
    const SQL: &str = "SELECT * FROM session_notice WHERE at >= ?1 AND until > ?2";
    let mut statement = connection.prepare_cached(SQL).map_err(failed)?;
    let mut rows = statement
        .query([since.map_or(0, millis), millis(now)])
        .map_err(failed)?;
    let mut notices = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let (at, until): (i64, i64) = (column(row, "at")?, column(row, "until")?);
        let keep_for = u64::try_from(until.saturating_sub(at)).map_err(|_| corrupt("a notice"))?;
        let notice = Notice {
            write: WriteId::from_bytes(bytes(&column::<Vec<u8>>(row, "write")?, "a write")?),
            subject: subject(row)?,
            keep_for: core::time::Duration::from_millis(keep_for),
        };
        notices.push((time(at)?, notice));
    }
    Ok(Notices {
        read_at: now,
        notices,
    })
}

fn subject(row: &rusqlite::Row<'_>) -> Answer<Subject> {
    let id: Option<Vec<u8>> = column(row, "id")?;
    if let Some(id) = id {
        return Ok(Subject::Id(StoreId::from_bytes(bytes(&id, "an id")?)));
    }
    Ok(Subject::Owner {
        owner: OwnerId::from_bytes(bytes(&column::<Vec<u8>>(row, "owner")?, "an owner")?),
        except: split(&column::<Vec<u8>>(row, "spared")?)?,
    })
}

/// The result of one step of a sweep.
pub(super) struct Swept {
    pub(super) sessions: u64,
    pub(super) is_last: bool,
}

pub(super) fn sweep(connection: &Connection, now: SystemTime) -> Answer<Swept> {
    const OVER: &str = "SELECT id, version IS NOT NULL FROM session WHERE gone_at <= ?1 LIMIT ?2";
    let now = millis(now);
    let over: rusqlite::Result<Vec<(Vec<u8>, bool)>> =
        connection.prepare_cached(OVER).and_then(|mut statement| {
            let rows = statement.query_map([now, STEP], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        });
    let over = over.map_err(failed)?;
    let mut delete = connection
        .prepare_cached("DELETE FROM session WHERE id = ?1")
        .map_err(failed)?;
    for (id, _) in &over {
        delete.execute([id]).map_err(failed)?;
    }
    let delete = |sql, until: i64| connection.execute(sql, [until]).map_err(failed);
    delete(
        "DELETE FROM session_place WHERE at <= ?1",
        now.saturating_sub(PLACE),
    )?;
    delete("DELETE FROM session_notice WHERE until <= ?1", now)?;
    let sessions = over.iter().filter(|(_, is_session)| *is_session).count();
    Ok(Swept {
        sessions: u64::try_from(sessions).unwrap_or(u64::MAX),
        is_last: i64::try_from(over.len()).is_ok_and(|len| len < STEP),
    })
}
