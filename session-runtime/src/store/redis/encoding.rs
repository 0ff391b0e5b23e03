//! Rows and notices as bytes.
//!
//! The body of a row, version 1, numbers in network order: `1` u8, born u64 (seconds since 1970), `0` u8 or `1` u8 and
//! a label of u32 bytes of UTF-8, then the payload to the end. Version, owner and the times that change have fields of
//! their own, since the scripts read them.
//!
//! A notice: u64 milliseconds to keep it, the write's id of 16 bytes, then its subject. The subject is `1` u8 and an id
//! of 32 bytes, or `2` u8, an owner of 32 bytes and the spared ids of 32 bytes each.

use core::time::Duration;
use std::time::SystemTime;

use crate::store::{Notice, OwnerId, Row, StoreError, StoreId, Subject, WriteId};
use crate::time::{seconds, time};

const VERSION: u8 = 1;
/// The last time, in seconds. Scripts count milliseconds, and their numbers are exact up to 2^53.
const LAST: u64 = 1 << 42;

fn corrupt(what: &str) -> StoreError {
    StoreError::corrupt(format!("{what} makes no sense"))
}

/// The first `N` bytes, and the bytes after them.
fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), StoreError> {
    let (head, rest) = bytes
        .split_first_chunk()
        .ok_or_else(|| corrupt("its length"))?;
    Ok((*head, rest))
}

pub(super) fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes
        .try_into()
        .map_err(|_| corrupt("the length of a field"))
}

pub(super) fn number(bytes: &[u8]) -> Result<u64, StoreError> {
    let text = core::str::from_utf8(bytes).map_err(|_| corrupt("a number"))?;
    text.parse().map_err(|_| corrupt("a number"))
}

/// Seconds as text. A time after [`LAST`] becomes [`LAST`].
pub(super) fn seconds_text(time: SystemTime) -> Vec<u8> {
    seconds(time).min(LAST).to_string().into_bytes()
}

pub(super) fn ids(bytes: &[u8]) -> Result<Vec<StoreId>, StoreError> {
    bytes
        .chunks(32)
        .map(|id| Ok(StoreId::from_bytes(fixed(id)?)))
        .collect()
}

pub(super) fn joined(ids: &[StoreId]) -> Vec<u8> {
    ids.iter().flat_map(|id| *id.as_bytes()).collect()
}

/// The row as the arguments of a script: version, owner, body, seen at, end.
pub(super) fn fields(row: &Row) -> [Vec<u8>; 5] {
    [
        row.version.as_bytes().to_vec(),
        row.owner
            .map_or_else(Vec::new, |owner| owner.as_bytes().to_vec()),
        body(row),
        seconds_text(row.seen_at),
        seconds_text(row.expires_at),
    ]
}

fn body(row: &Row) -> Vec<u8> {
    let mut body = vec![VERSION];
    body.extend(seconds(row.born).to_be_bytes());
    match &row.label {
        None => body.push(0),
        Some(label) => {
            body.push(1);
            let len = u32::try_from(label.len()).expect("a label has at most 200 bytes");
            body.extend(len.to_be_bytes());
            body.extend(label.as_bytes());
        }
    }
    body.extend(&row.payload);
    body
}

/// Decodes a row from these fields.
pub(super) fn row(fields: &[Vec<u8>]) -> Result<Row, StoreError> {
    let [version, owner, body, seen_at, expires_at] = fields else {
        return Err(corrupt("the number of fields"));
    };
    let ([format], rest) = take(body)?;
    if format > VERSION {
        return Err(StoreError::unavailable(
            "a newer version of the crate wrote the row",
        ));
    }
    if format != VERSION {
        return Err(corrupt("its version"));
    }
    let (born, rest) = take(rest)?;
    let (label, payload) = label(rest)?;
    Ok(Row {
        version: WriteId::from_bytes(fixed(version)?),
        payload: payload.to_vec(),
        owner: match owner.as_slice() {
            [] => None,
            owner => Some(OwnerId::from_bytes(fixed(owner)?)),
        },
        label,
        born: time(u64::from_be_bytes(born)),
        seen_at: time(number(seen_at)?),
        expires_at: time(number(expires_at)?),
    })
}

fn label(bytes: &[u8]) -> Result<(Option<String>, &[u8]), StoreError> {
    match take(bytes)? {
        ([0], payload) => Ok((None, payload)),
        ([1], rest) => {
            let (len, rest) = take(rest)?;
            let len = usize::try_from(u32::from_be_bytes(len)).unwrap_or(usize::MAX);
            let (label, payload) = rest
                .split_at_checked(len)
                .ok_or_else(|| corrupt("the label"))?;
            let label = core::str::from_utf8(label).map_err(|_| corrupt("the label"))?;
            Ok((Some(label.to_owned()), payload))
        }
        _ => Err(corrupt("the label")),
    }
}

pub(super) fn notice_bytes(notice: &Notice) -> Vec<u8> {
    let keep_for = u64::try_from(notice.keep_for.as_millis()).unwrap_or(u64::MAX);
    let mut bytes = keep_for.to_be_bytes().to_vec();
    bytes.extend(notice.write.as_bytes());
    match &notice.subject {
        Subject::Id(id) => {
            bytes.push(1);
            bytes.extend(id.as_bytes());
        }
        Subject::Owner { owner, except } => {
            bytes.push(2);
            bytes.extend(owner.as_bytes());
            bytes.extend(joined(except));
        }
    }
    bytes
}

pub(super) fn notice(bytes: &[u8]) -> Result<Notice, StoreError> {
    let (keep_for, rest) = take(bytes)?;
    let (write, rest) = take(rest)?;
    let subject = match take(rest)? {
        ([1], id) => Subject::Id(StoreId::from_bytes(fixed(id)?)),
        ([2], rest) => {
            let (owner, spared) = take(rest)?;
            Subject::Owner {
                owner: OwnerId::from_bytes(owner),
                except: ids(spared)?,
            }
        }
        _ => return Err(corrupt("the subject of a notice")),
    };
    Ok(Notice {
        write: WriteId::from_bytes(write),
        subject,
        keep_for: Duration::from_millis(u64::from_be_bytes(keep_for)),
    })
}

#[cfg(test)]
mod tests;
