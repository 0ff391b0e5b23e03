//! Times as whole seconds since 1970, as cookies and rows hold them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH
        .checked_add(Duration::from_secs(seconds))
        .unwrap_or(UNIX_EPOCH)
}

/// Whole seconds since 1970; 0 before.
pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
