//! What is done to a record: puts that can be taken back, removals, and what becomes of flashes and deadlines.

use core::mem;

use super::Record;
use super::field::{Field, Flash};
use super::find::deadline;
use crate::key::KeyInfo;
use crate::lifetime::Lifetime;

/// What [`Record::undo`] needs to take one put back.
pub(crate) struct Undo {
    at: usize,
    replaced: Option<Field>,
    aliases: Vec<(usize, Field)>,
    buffer_len: usize,
    dirty: bool,
    edited: bool,
}

impl Record {
    /// Puts the encoded value, with the deadline that the key asks for, and removes the key's aliases.
    pub(crate) fn put_raw(&mut self, name: &str, info: Option<&KeyInfo>, raw: &[u8]) -> Undo {
        self.compact();
        let (buffer_len, dirty, edited) = (self.buffer.len(), self.dirty, self.edited);
        let aliases = self.take_aliases(name, info);
        let deadline = info
            .and_then(KeyInfo::ttl)
            .map(|ttl| deadline(self.now, ttl));
        let private = info.is_some_and(KeyInfo::is_private);
        let value = self.buffer.put(&[raw]);
        let at = self.position(name).unwrap_or(self.fields.len());
        let replaced = self.fields.get(at).cloned();
        let is_same = |field: &Field| field.holds(&self.buffer, value, deadline);
        if !replaced.as_ref().is_some_and(is_same) {
            self.edit();
        }
        let field = replaced.clone();
        let field = field.unwrap_or_else(|| Field::named(name, value, &mut self.buffer));
        let field = field.with(value, deadline, private);
        match self.fields.get_mut(at) {
            Some(place) => *place = field,
            None => self.fields.push(field),
        }
        Undo {
            at,
            replaced,
            aliases,
            buffer_len,
            dirty,
            edited,
        }
    }

    pub(super) fn edit(&mut self) {
        self.dirty = true;
        self.edited = true;
    }

    /// Frees what was put and replaced since, once it is most of what was put.
    fn compact(&mut self) {
        if self.buffer.has_much_put() {
            let spans = self.fields.iter_mut().flat_map(Field::spans);
            self.buffer.compact(spans);
        }
    }

    fn take_aliases(&mut self, name: &str, info: Option<&KeyInfo>) -> Vec<(usize, Field)> {
        let mut taken = Vec::new();
        for &alias in info.map_or(&[][..], KeyInfo::aliases) {
            if let Some(at) = self.position(alias).filter(|_| alias != name) {
                taken.push((at, self.fields.remove(at)));
                self.edit();
            }
        }
        taken
    }

    /// Takes back the latest put.
    pub(crate) fn undo(&mut self, undo: Undo) {
        match undo.replaced {
            Some(field) => self.fields[undo.at] = field,
            None => self.fields.truncate(undo.at),
        }
        for (at, field) in undo.aliases.into_iter().rev() {
            self.fields.insert(at, field);
        }
        self.buffer.truncate(undo.buffer_len);
        self.dirty = undo.dirty;
        self.edited = undo.edited;
    }

    /// Removes the key and its aliases; whether a read would have seen it. What is past its deadline is left to the
    /// next save.
    pub(crate) fn remove(&mut self, name: &str, info: Option<&KeyInfo>) -> bool {
        let seen = self.has(name, info);
        while let Some(at) = self.find(name, info) {
            self.fields.remove(at);
            self.edit();
        }
        seen
    }

    pub(crate) fn clear(&mut self) {
        if !self.fields.is_empty() {
            self.edit();
        }
        self.fields.clear();
        if self.kept.take().is_some() {
            self.differs = true;
            self.edit();
        }
    }

    /// Chooses how long the session lives; the one before.
    pub(crate) fn set_lifetime(&mut self, lifetime: Lifetime) -> Lifetime {
        if self.lifetime != lifetime {
            self.edit();
        }
        mem::replace(&mut self.lifetime, lifetime)
    }

    /// Notes that a flash value was shown, so that the next cookie goes without it.
    pub(crate) fn consume(&mut self, name: &str, info: &KeyInfo) {
        if let Some(field) = self.find_mut(name, info)
            && field.flash() == Flash::Unread
        {
            field.set_flash(Flash::Read);
            self.dirty = true;
        }
    }

    /// Hides a flash value that was taken where nothing is shown, so that only this request goes without it.
    pub(crate) fn hide(&mut self, name: &str, info: &KeyInfo) {
        while let Some(field) = self.find_mut(name, info) {
            field.set_flash(Flash::Hidden);
        }
    }

    /// Writes down the deadline that a value is judged by, where it stands under a key with a ttl and has none: else
    /// each save would move it. Causes no save. Whether there was such a value.
    pub(crate) fn set_deadline_if_none(&mut self, name: &str, info: &KeyInfo) -> bool {
        let Some(ttl) = info.ttl() else {
            return false;
        };
        let Some(at) = self.find(name, Some(info)) else {
            return false;
        };
        let put_at = self.put_at(&self.fields[at]);
        let field = &mut self.fields[at];
        let has_none = field.deadline().is_none();
        if has_none {
            field.set_deadline(Some(deadline(put_at, ttl)));
        }
        has_none
    }

    pub(crate) fn clear_deadline(&mut self, name: &str, info: &KeyInfo) {
        if let Some(field) = self.find_mut(name, info) {
            field.set_deadline(None);
        }
    }
}
