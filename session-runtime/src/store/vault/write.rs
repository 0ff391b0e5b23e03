//! One write as a value, so that it can be sent again as it is.

use super::contents::{Contents, Times, Way};
use super::{Base, Vault};
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::store::erased::{Answer, Erased};
use crate::store::rest::{self, Binding};
use crate::store::{Create, Created, Replace, Row, Save, Saved, StoreError, StoreId, WriteId};

pub(super) enum Write {
    Create(Create),
    Save(Save),
    Replace(Replace),
}

impl Write {
    pub(super) fn id(&self) -> &StoreId {
        match self {
            Self::Create(create) => &create.id,
            Self::Save(save) => &save.id,
            Self::Replace(replace) => &replace.new,
        }
    }

    pub(super) fn row(&self) -> &Row {
        match self {
            Self::Create(Create { row, .. })
            | Self::Save(Save { row, .. })
            | Self::Replace(Replace { row, .. }) => row,
        }
    }

    pub(super) fn into_row(self) -> Row {
        match self {
            Self::Create(Create { row, .. })
            | Self::Save(Save { row, .. })
            | Self::Replace(Replace { row, .. }) => row,
        }
    }

    /// An id that is taken is that of a session which ended before its first save.
    pub(super) fn send<'a>(&'a self, store: &'a dyn Erased) -> Answer<'a, Saved> {
        match self {
            Self::Save(save) => store.save(save),
            Self::Replace(replace) => store.replace(replace),
            Self::Create(create) => Box::pin(async move {
                Ok(match store.create(create).await? {
                    Created::Done => Saved::Done,
                    Created::Taken => Saved::Gone,
                    Created::Refused => Saved::Refused,
                })
            }),
        }
    }
}

impl Vault {
    /// The ids that a write goes under.
    pub(super) fn place(&self, way: Way<'_>) -> (SessionId, StoreId) {
        match way {
            Way::Save(base) => (base.sid, base.id),
            Way::Create(new) | Way::Renew(_, new) => (new.sid, self.id(&new.sid)),
        }
    }

    /// The write of these contents on top of what is there, under a version of its own.
    pub(super) fn plan(
        &self,
        way: Way<'_>,
        present: Option<&Base>,
        earlier: Option<WriteId>,
        contents: &Contents,
        times: Times,
    ) -> Result<Write> {
        let (sid, id) = self.place(way);
        let row = self.row((&sid, &id), way, present, contents, times)?;
        let begin = times.begin;
        let write = match (way, present) {
            (Way::Create(_), _) | (_, None) => Write::Create(Create { id, row, begin }),
            (Way::Save(_), Some(present)) => Write::Save(Save {
                id,
                expected: present.row.version,
                filed: present.row.owner,
                row,
                moves_end: times.expires_at.is_some(),
                begin,
            }),
            (Way::Renew(..), Some(present)) => Write::Replace(Replace {
                old: present.id,
                expected: present.row.version,
                keeps_old: self.has_owner_key() && present.row.owner.is_none(),
                new: id,
                row,
                earlier,
                begin,
            }),
        };
        Ok(write)
    }

    fn row(
        &self,
        (sid, id): (&SessionId, &StoreId),
        way: Way<'_>,
        present: Option<&Base>,
        contents: &Contents,
        times: Times,
    ) -> Result<Row> {
        let version = WriteId::random()?;
        let binding = Binding {
            sid,
            id,
            version: &version,
        };
        let owner = self.owner_of(&contents.text).map_err(|_| {
            let error = StoreError::corrupt("a payload that was to be written is none");
            self.failed(&error)
        })?;
        let label = contents.label.as_deref().or(present.and_then(Base::label));
        let new = way.new_id();
        let (born, expires_at) = match (new, present) {
            (Some(new), _) => (new.born, new.expires_at),
            (None, Some(base)) => (
                base.row.born,
                times.expires_at.unwrap_or(base.row.expires_at),
            ),
            (None, None) => return Err(Error::Unavailable),
        };
        Ok(Row {
            version,
            payload: rest::close(self.mode, binding, &contents.text)?,
            owner,
            label: label.map(str::to_owned),
            born,
            seen_at: times.now,
            expires_at,
        })
    }
}
