//! The keys of a record, in their order.

use super::base::{Base, Text};
use super::field::{Field, Flash};

/// Most sessions have no more keys.
const FEW: usize = 8;

#[derive(Clone, Default)]
pub(super) struct Fields {
    /// A few keys without anything special: no list on the heap is needed for them.
    few: [Place; FEW],
    len: usize,
    /// Takes over where the keys are others.
    list: Option<Vec<Field>>,
}

/// Where a key and its value start and end in the base.
#[derive(Clone, Copy, Default)]
struct Place {
    key: (u16, u16),
    value: (u16, u16),
}

impl Place {
    /// `None` where there is more to the field than its places.
    fn of(field: &Field) -> Option<Self> {
        let is_plain = field.unescaped.is_none()
            && field.deadline.is_none()
            && field.flash == Flash::Unread
            && !field.private;
        let short = |text: Text| {
            let end = u16::try_from(text.end).ok()?;
            Some((u16::try_from(text.start).ok()?, end))
        };
        Some(Self {
            key: short(field.key).filter(|_| is_plain)?,
            value: short(field.value)?,
        })
    }

    fn key(self) -> Text {
        text(self.key)
    }

    fn field(self) -> Field {
        Field::new(self.key(), text(self.value))
    }
}

fn text((start, end): (u16, u16)) -> Text {
    Text {
        start: start.into(),
        end: end.into(),
    }
}

impl Fields {
    pub(super) fn len(&self) -> usize {
        self.list.as_ref().map_or(self.len, Vec::len)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Field> {
        let few = self.few().iter().map(|place| place.field());
        few.chain(self.list.iter().flatten().copied())
    }

    pub(super) fn get(&self, at: usize) -> Option<Field> {
        match &self.list {
            None => self.few().get(at).map(|place| place.field()),
            Some(list) => list.get(at).copied(),
        }
    }

    /// Where the key of this name is.
    pub(super) fn position(&self, name: &[u8], base: &Base) -> Option<usize> {
        let is_it = |other: Text| base.get(other) == name;
        match &self.list {
            None => self
                .few()
                .iter()
                .position(|place| is_it(place.key().unquoted())),
            Some(list) => list.iter().position(|field| is_it(field.name())),
        }
    }

    pub(super) fn push(&mut self, field: Field) {
        self.set(self.len(), field);
    }

    /// Puts the field in this place, or behind the last.
    pub(super) fn set(&mut self, at: usize, field: Field) {
        if self.list.is_none()
            && let Some(free) = self.few.get_mut(at)
            && let Some(place) = Place::of(&field)
        {
            *free = place;
            self.len = self.len.max(at + 1);
            return;
        }
        let list = self.edit();
        match list.get_mut(at) {
            Some(place) => *place = field,
            None => list.push(field),
        }
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        if let Some(list) = &mut self.list {
            list.truncate(len);
        }
    }

    /// All, to be changed.
    pub(super) fn edit(&mut self) -> &mut Vec<Field> {
        if self.list.is_none() {
            self.list = Some(self.iter().collect());
        }
        self.list.get_or_insert_default()
    }

    /// The keys in place; none where there is a list.
    fn few(&self) -> &[Place] {
        let len = if self.list.is_none() { self.len } else { 0 };
        &self.few[..len]
    }
}
