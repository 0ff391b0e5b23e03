//! Every option in one table: its name, how it is written, where it stands, whether it may be repeated, how it is read.

use syn::Result;
use syn::parse::ParseStream;

use super::value::{self, Met};
use super::{FieldOptions, StructOptions};

/// An option.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// How it is written, for every message that says so.
    pub(super) form: &'static str,
    pub(super) repeats: bool,
    pub(super) home: Home,
}

/// Where an option stands, and how it is read into what was read there before.
pub(super) enum Home {
    Struct(Read<StructOptions>),
    Field(Read<FieldOptions>),
}

/// Reads what follows an option's name.
pub(super) type Read<To> = fn(&mut To, &Met<'_>, ParseStream<'_>) -> Result<()>;

impl Row {
    const fn of_struct(name: &'static str, form: &'static str, read: Read<StructOptions>) -> Self {
        Self {
            name,
            form,
            repeats: false,
            home: Home::Struct(read),
        }
    }

    const fn of_field(name: &'static str, form: &'static str, read: Read<FieldOptions>) -> Self {
        Self {
            name,
            form,
            repeats: false,
            home: Home::Field(read),
        }
    }

    const fn repeated(mut self) -> Self {
        self.repeats = true;
        self
    }
}

impl Home {
    /// The place as messages name it, and where its `#[session(..)]` stands.
    pub(super) const fn in_words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Struct(_) => ("the struct", "above `struct`"),
            Self::Field(_) => ("a field", "above one of its fields"),
        }
    }
}

/// What reads its options from the rows of its home.
pub(super) trait Options: Default {
    /// `None` for an option of the other home.
    fn reader(home: &Home) -> Option<Read<Self>>;
}

impl Options for StructOptions {
    fn reader(home: &Home) -> Option<Read<Self>> {
        match home {
            Home::Struct(read) => Some(*read),
            Home::Field(_) => None,
        }
    }
}

impl Options for FieldOptions {
    fn reader(home: &Home) -> Option<Read<Self>> {
        match home {
            Home::Field(read) => Some(*read),
            Home::Struct(_) => None,
        }
    }
}

/// A row that reads one value into one slot.
macro_rules! row {
    ($home:ident $name:literal, $form:literal, $slot:ident = $read:path) => {
        Row::$home($name, $form, |options, met, input| {
            options.$slot = Some(met.given($read(met, input)?));
            Ok(())
        })
    };
}

pub(super) const TABLE: &[Row] = &[
    row!(of_struct "prefix", "prefix = \"cart.\"", prefix = value::prefix),
    row!(of_struct "rename_all", "rename_all = \"camelCase\"", rename_all = value::case),
    row!(of_struct "handle", "handle = \"AccountSession\"", handle = value::type_name),
    row!(of_struct "crate", "crate = my_crate::session_runtime", krate = value::path),
    row!(of_field "rename", "rename = \"name\"", rename = value::key_name),
    Row::of_field("alias", "alias = \"old_name\"", |options, met, input| {
        options.aliases.push(value::key_name(met, input)?);
        Ok(())
    })
    .repeated(),
    row!(of_field "default", "default` or `default = expression", default = value::fallback),
    row!(of_field "flash", "flash", flash = value::flag),
    row!(of_field "ttl", "ttl = \"15m\"", ttl = value::seconds),
    row!(of_field "max_len", "max_len = 200", max_len = value::max_len),
    row!(of_field "private", "private", private = value::flag),
    row!(of_field "owner", "owner", owner = value::flag),
    row!(of_field "missing", "missing = 404", missing = value::status),
    row!(of_field "value", "value = String", value = value::value_type),
    row!(of_field "skip", "skip", skip = value::flag),
];
