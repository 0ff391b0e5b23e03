//! From fields to payload text.

use super::Record;
use super::field::{Field, Flash};
use super::find::is_before;
use crate::lifetime::Lifetime;

const LIFETIME_KEY: &[u8] = br#""~life":"#;

impl Record {
    /// The exact length of what [`Record::write`] writes.
    pub(crate) fn payload_len(&self, now: u64) -> usize {
        let mut len = "{}".len();
        let mut deadlines = 0;
        for (i, field) in self.written(now).enumerate() {
            len += usize::from(i > 0) + field.pair_len();
            if let Some(at) = field.deadline() {
                deadlines += usize::from(deadlines > 0) + field.key.len() + 1 + digits(at);
            }
        }
        if let Some(entry) = self.lifetime.to_entry() {
            let sign = usize::from(entry < 0);
            deadlines += usize::from(deadlines > 0) + LIFETIME_KEY.len() + sign;
            deadlines += digits(entry.unsigned_abs());
        }
        if deadlines > 0 {
            let comma = usize::from(len > "{}".len());
            len += comma + r#""~":{}"#.len() + deadlines;
        }
        len
    }

    /// Writes the payload: the keys in their order, without what was shown or is past its deadline at `now`.
    pub(crate) fn write(&self, now: u64, out: &mut Vec<u8>) {
        self.emit(now, |piece| out.extend_from_slice(piece));
    }

    pub(super) fn emit(&self, now: u64, mut out: impl FnMut(&[u8])) {
        let mut before: &[u8] = b"{";
        let mut deadlines = false;
        for field in self.written(now) {
            out(before);
            out(self.buffer.get(field.key));
            out(b":");
            out(self.buffer.get(field.value));
            before = b",";
            deadlines |= field.deadline().is_some();
        }
        if deadlines || self.lifetime != Lifetime::Configured {
            out(before);
            out(br#""~":"#);
            self.emit_deadlines(now, &mut out);
        } else if before == b"{" {
            out(before);
        }
        out(b"}");
    }

    fn emit_deadlines(&self, now: u64, out: &mut impl FnMut(&[u8])) {
        let mut before: &[u8] = b"{";
        for field in self.written(now) {
            if let Some(at) = field.deadline() {
                out(before);
                out(self.buffer.get(field.key));
                out(b":");
                out(itoa::Buffer::new().format(at).as_bytes());
                before = b",";
            }
        }
        if let Some(entry) = self.lifetime.to_entry() {
            out(before);
            out(LIFETIME_KEY);
            out(itoa::Buffer::new().format(entry).as_bytes());
        }
        out(b"}");
    }

    /// What the next cookie holds: neither shown nor past its deadline at `now`.
    pub(super) fn written(&self, now: u64) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(move |field| field.flash() != Flash::Read && is_before(now, field.deadline()))
    }
}

/// How many digits the number has.
pub(super) fn digits(number: u64) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}
