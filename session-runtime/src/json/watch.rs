//! Writing JSON, with an eye on what may not come back.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// What was written that a reader may take for something else.
#[derive(Clone, Copy, Default)]
pub(super) struct Watched {
    /// A `null`: an absent value, or a number that JSON can't say.
    pub(super) null: bool,
    /// How many integers are of 128 bits, whatever their value.
    pub(super) wide: usize,
}

/// The value as JSON without spaces.
pub(super) fn write<T: Serialize>(
    value: &T,
    writer: impl io::Write,
) -> serde_json::Result<Watched> {
    let mut written = Watched::default();
    value.serialize(&mut Serializer::with_formatter(writer, Watch(&mut written)))?;
    Ok(written)
}

struct Watch<'a>(&'a mut Watched);

impl Formatter for Watch<'_> {
    fn write_null<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.null = true;
        writer.write_all(b"null")
    }

    fn write_i128<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: i128) -> io::Result<()> {
        self.0.wide += 1;
        writer.write_all(itoa::Buffer::new().format(value).as_bytes())
    }

    fn write_u128<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: u128) -> io::Result<()> {
        self.0.wide += 1;
        writer.write_all(itoa::Buffer::new().format(value).as_bytes())
    }
}
