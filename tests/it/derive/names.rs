//! Names of the program's own that a macro may use too, and shapes of structs that people report to other derives.
#![deny(warnings)]

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use session_runtime::SessionData as _;

#[expect(dead_code)]
type Result<T> = std::result::Result<T, String>;

/// The struct has the derive's own name.
#[derive(session_runtime::SessionData)]
struct SessionData {
    session: u64,
    get: String,
    key: Option<u8>,
    r#type: bool,
    r#async: bool,
    current: u8,
    of: u8,
    id: u8,
}

mod within {
    /// Ours, and the handle is `SessionHandle`.
    #[derive(session_runtime::SessionData)]
    #[session(prefix = "s.")]
    pub(crate) struct Session {
        pub(crate) uid: u64,
    }

    pub(crate) mod deep {
        #[derive(session_runtime::SessionData)]
        #[session(prefix = "k.")]
        pub(in crate::derive::names::within) struct Key {
            pub(super) uid: u64,
        }

        #[derive(session_runtime::SessionData)]
        #[session(prefix = "r.")]
        pub(crate) struct Error {
            pub(crate) uid: u64,
        }
    }

    pub(crate) fn key_name() -> &'static str {
        deep::Key::UID.name()
    }
}

trait Kind {
    type Item: Serialize + DeserializeOwned;
}

struct Shop;

impl Kind for Shop {
    type Item = Vec<u16>;
}

/// An associated type, a bound in a where clause, a default, a constant.
#[derive(session_runtime::SessionData)]
#[session(prefix = "g.")]
struct Generic<K, const N: usize = 3>
where
    K: Kind,
    for<'a> &'a str: Into<String>,
{
    item: K::Item,
    items: Option<Vec<<K as Kind>::Item>>,
    #[session(default)]
    fixed: [u8; N],
}

macro_rules! per_tenant {
    ($($name:ident => $prefix:literal),*) => {$(
        #[derive(session_runtime::SessionData)]
        #[session(prefix = $prefix)]
        struct $name { uid: u64, #[cfg(any())] gone: Missing, #[cfg(test)] shown: String }
    )*};
}

per_tenant!(Red => "red.", Blue => "blue.");

#[derive(
    session_runtime::SessionData, Clone, Debug, Default, PartialEq, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
#[session(prefix = "o.")]
#[must_use]
#[non_exhaustive]
struct Others {
    #[doc(alias = "mail")]
    #[serde(rename = "e")]
    email: String,
}

session_runtime::assert_disjoint_keys!(
    SessionData,
    within::Session,
    Generic<Shop>,
    Red,
    Blue,
    Others
);

#[test]
fn every_key_is_there() {
    assert_eq!(SessionData::KEYS.len(), 8);
    assert_eq!(SessionData::TYPE.name(), "type");
    assert_eq!(within::key_name(), "k.uid");
    assert_eq!(within::deep::Error::UID.name(), "r.uid");
    assert_eq!(Generic::<Shop>::KEYS.len(), 3);
    assert_eq!(
        (Red::SHOWN.name(), Blue::UID.name()),
        ("red.shown", "blue.uid")
    );
    let _: fn(session_runtime::Session) -> SessionDataHandle = SessionDataHandle::from;
}

/// Two attributes for two derives on one field: serde's `rename` is not the session's.
#[test]
fn what_serde_renames_keeps_the_field_name_in_the_session() {
    assert_eq!(Others::EMAIL.name(), "o.email");
}

/// What the derive and the runtime's macros write, by every way through them.
macro_rules! structs {
    () => {
        #[derive(session_runtime::SessionData)]
        struct Account {
            uid: i64,
            email: Option<String>,
            #[session(default)]
            theme: u8,
            #[session(default = 7, max_len = 2)]
            size: u8,
        }

        #[derive(session_runtime::SessionData)]
        #[session(prefix = "cart.")]
        struct Cart<T> {
            item: T,
            #[session(default)]
            items: Vec<T>,
        }

        #[derive(session_runtime::SessionData)]
        struct Pinned {
            number: i64,
        }

        session_runtime::assert_disjoint_keys!(Account, Cart<u8>, Pinned);
        session_runtime::assert_fits!(Pinned; budget = 100);
        session_runtime::assert_fingerprint!(Pinned, 0x8355_3e78_15e0_c0d5);
    };
}

/// A constant, a static or a unit struct makes a pattern of each local name that is its own.
macro_rules! taken {
    ($($name:ident)*) => {
        taken! { constant, const, u8 = 7; $($name)* }
        taken! { variable, static, u8 = 7; $($name)* }
        mod unit_struct {
            $(mod $name {
                #[allow(dead_code, non_camel_case_types)]
                struct $name;
                structs!();
            })*
        }
    };
    ($module:ident, $kind:tt, $ty:ty = $value:literal; $($name:ident)*) => {
        mod $module {
            $(mod $name {
                #[allow(dead_code, non_upper_case_globals)]
                $kind $name: $ty = $value;
                structs!();
            })*
        }
    };
}

taken! {
    value values error errors data session parts f s t k v x y i state read key keys info name info_of handle marker inner
    text get put del take require clone fmt from result option some none ok err field fields uid email theme size item
    items current request layer shared excess change pinned budget sum bytes message
}

/// What is pinned and what is the budget may have any name.
mod arguments {
    const CHANGE: u64 = 0x8393_ff5b_e54f_c5d6;
    const EXCESS: usize = 100;

    #[allow(clippy::upper_case_acronyms)]
    #[derive(session_runtime::SessionData)]
    struct SHARED {
        uid: i64,
    }

    #[derive(session_runtime::SessionData)]
    struct Text {
        email: String,
    }

    session_runtime::assert_disjoint_keys!(SHARED, Text);
    session_runtime::assert_fits!(SHARED; budget = EXCESS);
    session_runtime::assert_fingerprint!(SHARED, CHANGE);
}
