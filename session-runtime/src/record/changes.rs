//! How a record differs from what came, and what of it is not in the store yet.

use super::Record;
#[cfg(feature = "store")]
use super::field::{Field, Flash};
#[cfg(feature = "store")]
use crate::error::{Refusal, Result};

/// What of a request is not in the store yet.
#[cfg(feature = "store")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pending {
    Nothing,
    /// Flashes that were shown are still there.
    Shown,
    Edits,
}

impl Record {
    /// Notes that the payload holds changes that are not in the store: flashes that were shown, or more.
    #[cfg(feature = "store")]
    pub(crate) fn note_pending(&mut self, pending: Pending) {
        self.differs = pending != Pending::Nothing;
        self.dirty = self.differs;
        self.edited = pending == Pending::Edits;
    }

    /// Whether the payload differs from the one that came by more than what time took away.
    pub(crate) fn is_changed(&self) -> bool {
        const UNSWEPT: u64 = 0;
        if !self.dirty {
            return false;
        }
        if self.differs {
            return true;
        }
        let came = match self.buffer.get(self.payload) {
            [] => b"{}",
            came => came,
        };
        let mut left = Some(came);
        self.emit(UNSWEPT, |piece| {
            left = left.and_then(|left| left.strip_prefix(piece));
        });
        left.is_none_or(|left| !left.is_empty())
    }

    /// Whether nothing was done to it but that flashes were shown.
    #[cfg(feature = "store")]
    pub(crate) fn is_only_shown(&self) -> bool {
        !self.edited
    }

    /// The names of flashes that were shown in this request.
    #[cfg(feature = "store")]
    pub(crate) fn shown(&self) -> Vec<String> {
        let shown = self
            .fields
            .iter()
            .filter(|field| field.flash() == Flash::Read);
        shown.map(|field| field.name_text(&self.buffer)).collect()
    }

    /// The payload's text, without what is over at that time.
    #[cfg(feature = "store")]
    pub(crate) fn text(&self, at: u64) -> Vec<u8> {
        let mut text = Vec::with_capacity(self.payload_len(at));
        self.write(at, &mut text);
        text
    }

    /// The record with this payload, as it is in the store now. What was shown in this request stays readable in it,
    /// and what was put behind that stays for the next one.
    #[cfg(feature = "store")]
    pub(crate) fn rebased(&self, text: Vec<u8>) -> Result<Self, Refusal> {
        let payload = 0..text.len();
        let mut record = Self::parse(self.stamp, text, payload, self.now)?;
        for field in self
            .fields
            .iter()
            .filter(|field| field.flash() != Flash::Unread)
        {
            let name = field.name_text(&self.buffer);
            match (record.position(&name), field.flash()) {
                (None, Flash::Read) => {
                    let value = record.buffer.put(&[self.buffer.get(field.value)]);
                    let mut shown = Field::named(&name, value, &mut record.buffer);
                    shown.set_flash(Flash::Read);
                    record.fields.push(shown);
                }
                (Some(at), flash @ (Flash::ForNextRequest | Flash::Hidden)) => {
                    record.fields[at].set_flash(flash);
                }
                _ => {}
            }
        }
        Ok(record)
    }
}
