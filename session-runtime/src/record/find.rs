//! Where a read finds the value of a key: its name, its aliases, and whether there is time left.

use core::time::Duration;

use super::Record;
use super::field::{Field, Flash};
use crate::key::KeyInfo;
use crate::raw::RawValue;

/// The latest deadline that is written, the largest integer that other readers of the format can be trusted with.
pub(super) const LATEST: u64 = i64::MAX as u64;

impl Record {
    /// Whether a value can be read under the name or one of its aliases.
    pub(crate) fn has(&self, name: &str, info: Option<&KeyInfo>) -> bool {
        self.find(name, info).is_some()
    }

    /// The value that a read of this key sees, to be decoded without the record at hand.
    pub(crate) fn raw(&self, name: &str, info: Option<&KeyInfo>) -> Option<RawValue> {
        self.value(name, info).map(RawValue::copy)
    }

    pub(super) fn value(&self, name: &str, info: Option<&KeyInfo>) -> Option<&[u8]> {
        let field = &self.fields[self.find(name, info)?];
        Some(self.buffer.get(field.value))
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let name = name.as_bytes();
        let mut fields = self.fields.iter();
        fields.position(|field| field.name(&self.buffer) == name)
    }

    /// Where a read of the key finds its value: under its name, else under the first alias that has one.
    pub(super) fn find(&self, name: &str, info: Option<&KeyInfo>) -> Option<usize> {
        let ttl = info.and_then(KeyInfo::ttl);
        let live = |name: &str| {
            let at = self.position(name)?;
            self.is_live(&self.fields[at], ttl).then_some(at)
        };
        let aliases = info.map_or(&[][..], KeyInfo::aliases);
        live(name).or_else(|| aliases.iter().find_map(|alias| live(alias)))
    }

    pub(super) fn find_mut(&mut self, name: &str, info: &KeyInfo) -> Option<&mut Field> {
        let at = self.find(name, Some(info))?;
        self.fields.get_mut(at)
    }

    pub(super) fn is_live(&self, field: &Field, ttl: Option<Duration>) -> bool {
        let by_ttl = || ttl.map(|ttl| deadline(self.put_at(field), ttl));
        field.flash() != Flash::Hidden && is_before(self.now, field.deadline().or_else(by_ttl))
    }

    /// The best known time of a value's last put.
    pub(super) fn put_at(&self, field: &Field) -> u64 {
        if field.is_put {
            self.now
        } else {
            self.stamp.issued_at
        }
    }
}

/// Whether there is time left at `now`; without a deadline there always is.
pub(super) fn is_before(now: u64, deadline: Option<u64>) -> bool {
    deadline.is_none_or(|at| now < at)
}

pub(super) fn deadline(put_at: u64, ttl: Duration) -> u64 {
    put_at.saturating_add(ttl.as_secs()).min(LATEST)
}
