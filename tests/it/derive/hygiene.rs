//! The derive in unfriendly surroundings. That this compiles without a warning, also under clippy, is the test.
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
// It calls every module of a test private, so that no visibility pleases it and `unreachable_pub` both.
#![allow(clippy::redundant_pub_crate)]

/// A crate that passes the runtime on under its own name.
pub mod facade {
    pub use session_runtime as sessions;
}

/// Nothing is in scope but what stands here, and that has the names of what everybody uses.
#[no_implicit_prelude]
pub mod without_prelude {
    /// Not the standard one.
    #[derive(::serde::Serialize, ::serde::Deserialize, ::core::default::Default)]
    pub struct String;
    /// Not the standard one.
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    pub enum Result {
        /// One.
        Ok,
        /// Two.
        Err,
    }
    /// Not the standard one, and not even generic.
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    pub struct Option;
    /// Not ours.
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    pub struct Session;
    /// Not ours.
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    pub struct Key;
    /// Not the trait.
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    pub struct From;
    /// Not the module.
    pub mod core {}
    /// Not the crate.
    pub mod session_runtime {}
    /// Not the primitive.
    #[allow(non_camel_case_types)]
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    pub struct bool;
    /// Not the primitive.
    #[allow(non_camel_case_types)]
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    pub struct usize;

    /// Every option at once.
    #[derive(::session_runtime::SessionData)]
    #[session(prefix = "p.", rename_all = "camelCase", handle = "Everything")]
    pub struct Data {
        /// A field.
        pub result: Result,
        /// A field.
        pub option: Option,
        /// A field.
        pub standard_option: ::core::option::Option<u8>,
        /// A field.
        #[session(default, flash)]
        pub string: String,
        /// A field.
        #[session(default = Session, ttl = "1d", max_len = 100)]
        pub session: Session,
        /// A field.
        #[session(missing = 404, private, alias = "oldKey")]
        pub key: Key,
        /// A field.
        #[session(value = From, rename = "from it")]
        pub from: [u8; 2],
        /// A field.
        pub bool: bool,
        /// A field.
        pub usize: usize,
    }
}

/// The runtime under another path.
#[derive(session_runtime::SessionData)]
#[session(crate = facade::sessions)]
pub struct Renamed<T> {
    /// A field.
    pub uid: i64,
    /// A field.
    pub item: Option<T>,
}

/// Names that need care, and types in every spelling.
#[allow(non_snake_case, non_camel_case_types, unused_parens)]
#[derive(session_runtime::SessionData)]
pub struct r#struct {
    /// A keyword.
    pub r#type: u8,
    /// Letters that have no ASCII.
    pub größe: u8,
    /// Letters that have no case.
    pub 名前: u8,
    /// Not snake case.
    pub returnTo: String,
    /// Leading.
    _x: u8,
    /// Trailing.
    pub x_: u8,
    /// In parentheses.
    pub parenthesised: (Option<u8>),
    /// The long way.
    pub long: ::std::option::Option<core::option::Option<u8>>,
    /// Itself.
    #[session(skip)]
    pub itself: Option<Box<Self>>,
}

macro_rules! define {
    ($(#[$meta:meta])* $vis:vis $name:ident { $($(#[$of_field:meta])* $field_vis:vis $field:ident: $ty:ty = $ttl:literal, $default:expr;)* }) => {
        $(#[$meta])*
        #[derive(session_runtime::SessionData)]
        $vis struct $name {
            $($(#[$of_field])* #[session(ttl = $ttl, default = $default)] $field_vis $field: $ty,)*
        }
    };
}

define! {
    /// By a macro.
    pub(crate) Defined {
        /// A field.
        pub uid: Option<i64> = "15m", 1 + 1;
        /// A field.
        pub(self) names: std::collections::HashMap<String, i64> = "1h", std::collections::HashMap::<String, i64>::new();
    }
}

mod outer {
    pub(super) mod inner {
        /// Visible no further than its fields say.
        #[derive(session_runtime::SessionData)]
        #[deprecated = "for the test"]
        pub(in crate::derive::hygiene::outer) struct Limited {
            #[deprecated]
            pub(super) uid: i64,
            pub(in crate::derive::hygiene::outer) email: String,
            #[cfg(any())]
            never: NoSuchType,
            #[cfg_attr(all(), session(rename = "n"))]
            notice: String,
        }

        #[allow(deprecated)]
        pub(crate) fn names() -> Vec<&'static str> {
            <Limited as session_runtime::SessionData>::KEYS
                .iter()
                .map(session_runtime::KeyInfo::name)
                .collect()
        }
    }

    #[allow(deprecated, dead_code)]
    fn reaches(handle: &inner::LimitedHandle) -> session_runtime::Result<Option<String>> {
        handle.get_uid()?;
        handle.get_email()
    }
}

/// Deprecated, and still in some sessions.
#[deprecated]
#[derive(Clone, Copy, Default)]
pub struct Old;

/// Who knows that a type is deprecated is not told again.
#[derive(session_runtime::SessionData)]
#[session(prefix = "knowing.")]
pub struct Knowing {
    /// A field.
    #[allow(deprecated)]
    #[session(value = std::marker::PhantomData<Old>)]
    pub old: Old,
    /// A field.
    #[allow(deprecated)]
    pub maybe: Option<std::marker::PhantomData<Old>>,
}

/// Bounds, defaults, const parameters, a where clause.
#[derive(session_runtime::SessionData)]
pub struct Generic<T = String, U: ?Sized = str, const N: usize = 4>
where
    T: Clone + core::fmt::Debug,
{
    /// A parameter.
    pub item: T,
    /// A parameter inside.
    #[session(default)]
    pub items: Vec<T>,
    /// A parameter that is not sized.
    pub boxed: Box<U>,
    /// A constant.
    pub bytes: [u8; N],
    /// None of them.
    pub uid: i64,
}

#[cfg(test)]
mod tests {
    use session_runtime::{KeyInfo, SessionData};

    use super::{Defined, Generic, Renamed, facade, outer, r#struct, without_prelude};

    fn names<T: SessionData>() -> Vec<&'static str> {
        T::KEYS.iter().map(KeyInfo::name).collect()
    }

    #[test]
    fn every_struct_has_its_keys() {
        let names_of_data = [
            "p.result",
            "p.option",
            "p.standardOption",
            "p.string",
            "p.session",
            "p.key",
            "p.from it",
            "p.bool",
            "p.usize",
        ];
        assert_eq!(names::<without_prelude::Data>(), names_of_data);
        assert_eq!(names::<Renamed<u8>>(), ["uid", "item"]);
        assert_eq!(
            names::<r#struct>(),
            [
                "type",
                "größe",
                "名前",
                "returnTo",
                "_x",
                "x_",
                "parenthesised",
                "long"
            ]
        );
        assert_eq!(r#struct::GRÖSSE.name(), "größe");
        assert_eq!(names::<Defined>(), ["uid", "names"]);
        assert_eq!(
            Defined::UID.info().ttl().map(|ttl| ttl.as_secs()),
            Some(900)
        );
        assert_eq!(
            names::<Generic>(),
            ["item", "items", "boxed", "bytes", "uid"]
        );
        assert_eq!(outer::inner::names(), ["uid", "email", "n"]);
    }

    #[test]
    fn a_struct_inside_a_function() {
        #[derive(SessionData)]
        struct Local<T> {
            uid: i64,
            item: T,
        }
        assert_eq!(names::<Local<String>>(), ["uid", "item"]);
        assert_eq!(Local::<String>::ITEM.name(), "item");
    }

    /// A parameter that can't be stored takes nothing from the fields that do not use it.
    #[test]
    fn parameters_bind_only_the_fields_that_use_them() {
        struct Opaque;
        assert_eq!(Renamed::<Opaque>::UID.name(), "uid");
        let key: facade::sessions::Key<i64> = Renamed::<Opaque>::UID;
        assert_eq!(key.name(), "uid");
    }
}
