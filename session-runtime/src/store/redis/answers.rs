//! The answers of the scripts, and times and names as text.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use super::encoding;
use crate::store::{Ended, Ending, Loaded, Saved, StoreError};

/// The answer of a script.
pub(super) type Answer = Vec<Vec<u8>>;

pub(super) fn as_in_doubt(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(source) => StoreError::InDoubt(source),
        other => other,
    }
}

/// Milliseconds since 1970; 0 for earlier times.
pub(super) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn moment(millis: &[u8]) -> Result<SystemTime, StoreError> {
    let since = Duration::from_millis(encoding::number(millis)?);
    UNIX_EPOCH.checked_add(since).ok_or_else(unknown)
}

/// The text as a pattern that matches only this text.
pub(super) fn as_pattern(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        if matches!(letter, '*' | '?' | '[' | ']' | '\\' | '^' | '-') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

pub(super) fn unhex(hex: &[u8]) -> Option<[u8; 32]> {
    let text = core::str::from_utf8(hex).ok()?.strip_prefix('{')?;
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(bytes)
}

pub(super) fn unknown() -> StoreError {
    StoreError::corrupt("a script's answer makes no sense")
}

pub(super) fn loaded(answer: &Answer) -> Result<Loaded, StoreError> {
    let (word, rest) = answer.split_first().ok_or_else(unknown)?;
    Ok(match (word.as_slice(), rest) {
        (b"absent", _) => Loaded::Absent,
        (b"row", row) => Loaded::Row(encoding::row(row)?),
        (b"retired", row) => Loaded::Retired(encoding::row(row)?),
        (b"ended", [state, successors]) => Loaded::Ended(Ended {
            ending: if state == b"3" {
                Ending::Destroyed
            } else {
                Ending::Renewed
            },
            successors: encoding::ids(successors)?,
        }),
        _ => return Err(unknown()),
    })
}

pub(super) fn saved(answer: &Answer) -> Result<Saved, StoreError> {
    let (word, row) = answer.split_first().ok_or_else(unknown)?;
    Ok(match word.as_slice() {
        b"done" => Saved::Done,
        b"gone" => Saved::Gone,
        b"conflict" => Saved::Conflict(encoding::row(row)?),
        _ => return Err(unknown()),
    })
}
