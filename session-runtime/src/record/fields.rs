//! The keys of a record: places in the text that came, until one of them is changed.

use core::ops::Range;
use std::borrow::Cow;

use super::field::{Field, Text};

/// Most sessions have no more keys.
const FEW: usize = 8;

#[derive(Clone, Default)]
pub(super) struct Fields {
    /// A few keys as they came, without escapes and deadlines: no list on the heap is needed to read them.
    came: [Place; FEW],
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
    /// `None` where the base is too long for it.
    fn new(key: (usize, usize), value: (usize, usize)) -> Option<Self> {
        let short = |(start, end)| Some((u16::try_from(start).ok()?, u16::try_from(end).ok()?));
        Some(Self {
            key: short(key)?,
            value: short(value)?,
        })
    }

    /// The key between its quotes.
    fn name(self, base: &[u8]) -> &[u8] {
        let (start, end) = self.key;
        let name = usize::from(start) + 1..usize::from(end).saturating_sub(1);
        base.get(name).unwrap_or_default()
    }

    fn value(self) -> Text {
        between(self.value)
    }

    fn field(self) -> Field {
        Field::from_base(between(self.key), None, self.value())
    }
}

fn between((start, end): (u16, u16)) -> Text {
    Text::Base {
        start: start.into(),
        end: end.into(),
    }
}

/// `None` where the base is too long for any record.
fn text((start, end): (usize, usize)) -> Option<Text> {
    Some(Text::Base {
        start: u32::try_from(start).ok()?,
        end: u32::try_from(end).ok()?,
    })
}

impl Fields {
    fn came(&self) -> impl Iterator<Item = Place> {
        self.came.iter().take(self.len).copied()
    }

    /// Adds a key and its value, which stand at these places from `offset` on.
    pub(super) fn push(
        &mut self,
        offset: usize,
        key: Range<usize>,
        unescaped: Option<Box<str>>,
        value: Range<usize>,
    ) -> Option<()> {
        let place = |part: Range<usize>| (offset + part.start, offset + part.end);
        let (key, value) = (place(key), place(value));
        if unescaped.is_none()
            && self.list.is_none()
            && let Some(free) = self.came.get_mut(self.len)
            && let Some(place) = Place::new(key, value)
        {
            *free = place;
            self.len += 1;
            return Some(());
        }
        let field = Field::from_base(text(key)?, unescaped, text(value)?);
        self.edit().push(field);
        Some(())
    }

    pub(super) fn len(&self) -> usize {
        self.list.as_ref().map_or(self.len, Vec::len)
    }

    /// Where the key of this name is.
    pub(super) fn position(&self, name: &[u8], base: &[u8]) -> Option<usize> {
        match &self.list {
            None => self.came().position(|place| place.name(base) == name),
            Some(list) => list.iter().position(|field| field.name(base) == name),
        }
    }

    /// When the value there disappears, and whether it was put since the record was opened.
    pub(super) fn deadline(&self, at: usize) -> (Option<u64>, bool) {
        let field = self.list.as_ref().and_then(|list| list.get(at));
        field.map_or((None, false), |field| (field.deadline, field.fresh))
    }

    pub(super) fn value(&self, at: usize) -> Option<Cow<'_, Text>> {
        match &self.list {
            None => self.came.get(at).map(|place| Cow::Owned(place.value())),
            Some(list) => Some(Cow::Borrowed(&list.get(at)?.value)),
        }
    }

    /// All, to be looked at.
    pub(super) fn list(&self) -> Cow<'_, [Field]> {
        match &self.list {
            None => self.came().map(Place::field).collect(),
            Some(list) => Cow::Borrowed(list),
        }
    }

    /// All, to be changed.
    pub(super) fn edit(&mut self) -> &mut Vec<Field> {
        let came = self.came.iter().take(self.len).copied().map(Place::field);
        self.list.get_or_insert_with(|| came.collect())
    }
}
