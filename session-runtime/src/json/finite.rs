//! Whether a value holds a number that JSON can't say. `serde_json` writes it as `null`, as it writes an absent value,
//! so the text does not tell: this serializer looks at the value and writes nothing.

use core::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{self, Serializer};

pub(super) fn is_finite<T: Serialize>(value: &T) -> bool {
    !matches!(value.serialize(Finite), Err(Stopped::NotFinite))
}

#[derive(Clone, Copy)]
struct Finite;

#[derive(Debug)]
enum Stopped {
    NotFinite,
    /// The type's own error. It had none when it was written, so this one counts for nothing.
    Other,
}

impl Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("looking for numbers that are not finite ended")
    }
}

impl std::error::Error for Stopped {}

impl ser::Error for Stopped {
    fn custom<T: Display>(_message: T) -> Self {
        Self::Other
    }
}

type Looked = Result<(), Stopped>;

fn look(is_finite: bool) -> Looked {
    if is_finite {
        Ok(())
    } else {
        Err(Stopped::NotFinite)
    }
}

macro_rules! is_finite {
    ($($method:ident($ty:ty),)+) => {$(
        fn $method(self, _value: $ty) -> Looked {
            Ok(())
        }
    )+};
}

macro_rules! looks_inside {
    ($($method:ident($($name:ident: $ty:ty),*) -> $answer:ty;)+) => {$(
        fn $method(self, $($name: $ty),*) -> Result<$answer, Stopped> {
            Ok(self)
        }
    )+};
}

impl Serializer for Finite {
    type Ok = ();
    type Error = Stopped;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    is_finite! {
        serialize_bool(bool), serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]),
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_i128(i128),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_u128(u128),
        serialize_unit_struct(&'static str),
    }

    fn serialize_f32(self, value: f32) -> Looked {
        look(value.is_finite())
    }

    fn serialize_f64(self, value: f64) -> Looked {
        look(value.is_finite())
    }

    fn serialize_none(self) -> Looked {
        Ok(())
    }

    fn serialize_unit(self) -> Looked {
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Looked {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Looked {
        Ok(())
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Looked {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Looked {
        value.serialize(self)
    }

    fn collect_str<T: ?Sized + Display>(self, _value: &T) -> Looked {
        Ok(())
    }

    looks_inside! {
        serialize_seq(_len: Option<usize>) -> Self;
        serialize_tuple(_len: usize) -> Self;
        serialize_tuple_struct(_name: &'static str, _len: usize) -> Self;
        serialize_tuple_variant(_name: &'static str, _index: u32, _variant: &'static str, _len: usize) -> Self;
        serialize_map(_len: Option<usize>) -> Self;
        serialize_struct(_name: &'static str, _len: usize) -> Self;
        serialize_struct_variant(_name: &'static str, _index: u32, _variant: &'static str, _len: usize) -> Self;
    }
}

macro_rules! inside {
    ($($part:ident: $($method:ident($($name:ident)?)),+;)+) => {$(
        impl ser::$part for Finite {
            type Ok = ();
            type Error = Stopped;

            $(fn $method<T: ?Sized + Serialize>(&mut self, $($name: &'static str,)? value: &T) -> Looked {
                value.serialize(*self)
            })+

            fn end(self) -> Looked {
                Ok(())
            }
        }
    )+};
}

inside! {
    SerializeSeq: serialize_element();
    SerializeTuple: serialize_element();
    SerializeTupleStruct: serialize_field();
    SerializeTupleVariant: serialize_field();
    SerializeMap: serialize_key(), serialize_value();
    SerializeStruct: serialize_field(_name);
    SerializeStructVariant: serialize_field(_name);
}
