//! What the derive's expansion calls. Not public API: it changes with any version.

mod bounded;
#[cfg(feature = "axum")]
mod extracted;
mod message;

pub use bounded::{Bounded, Probe, Unknown, max_encoded};
pub use message::{Message, changed_fingerprint, shared_keys, too_large};

use serde::{Serialize, de::DeserializeOwned};

use crate::error::Result;
use crate::key::{Key, KeyInfo};
use crate::session::Session;

#[cfg(feature = "axum")]
pub mod axum {
    //! For [`__extractor!`](crate::__extractor).

    pub use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
    pub use http::request::Parts;

    use core::convert::Infallible;

    use super::extracted;
    use crate::axum;
    use crate::context::find;
    use crate::error::MissingSession;
    use crate::session::Session;

    /// Ends with what is extracted.
    pub type Extracted<T, R = MissingSession> = extracted::Extracted<T, R>;

    /// The handle of the request's session; the extractor is told by `name` in the error.
    pub fn extract<H: From<Session>>(parts: &Parts, name: &'static str) -> Extracted<H> {
        Extracted::new(axum::extract(parts, name), H::from)
    }

    /// The same without a layer as `None`.
    pub fn extract_optional<H: From<Session>>(parts: &Parts) -> Extracted<Option<H>, Infallible> {
        Extracted::optional(find(&parts.extensions), H::from)
    }
}

/// What a key can store. One trait, so that a type that lacks two has one error.
#[diagnostic::on_unimplemented(
    message = "a session can't store `{Self}`",
    label = "stored as JSON by serde, which needs both directions",
    note = "every type in it needs `#[derive(serde::Serialize, serde::Deserialize)]`; to leave a field out, `#[session(skip)]`"
)]
pub trait Value: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Value for T {}

/// The constant of a field.
#[must_use]
pub const fn key<T: Value>(info: KeyInfo) -> Key<T> {
    Key::with_info(info)
}

/// What `#[session(default)]` needs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default",
    label = "`#[session(default)]` needs `Default` here",
    note = "say the value: `#[session(default = expression)]`, or derive or implement `Default` for `{Self}`"
)]
pub trait HasDefault: Default {}

#[diagnostic::do_not_recommend]
impl<T: Default> HasDefault for T {}

/// The value of `#[session(default)]`.
#[must_use]
pub fn default_of<T: HasDefault>() -> T {
    T::default()
}

/// [`Session::get`] for an accessor. A path call on known types, and a key by value, are what the compiler
/// checks fastest, and there are five accessors a field.
pub fn get<T>(session: &Session, key: Key<T>) -> Result<Option<T>> {
    session.get(key)
}

/// [`Session::require`] for an accessor.
pub fn require<T>(session: &Session, key: Key<T>) -> Result<T> {
    session.require(key)
}

/// [`Session::put`] for an accessor.
pub fn put<T>(session: &Session, key: Key<T>, value: T) -> Result<()> {
    session.put(key, value)
}

/// [`Session::del`] for an accessor.
pub fn del<T>(session: &Session, key: Key<T>) -> Result<bool> {
    session.del(key)
}

/// The derive takes a path that ends in `Option<T>` for the standard one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the standard `Option`",
    label = "the derive takes a type of this name for an optional `{T}`",
    note = "say the type of the stored value: `#[session(value = ..)]`, or give your type another name"
)]
pub trait OptionOf<T> {}

impl<T> OptionOf<T> for Option<T> {}

/// Compiles for the standard `Option` only.
pub const fn standard_option<F: OptionOf<T>, T>() {}

/// Reads every field of a `T`, which would be dead code otherwise: such a struct only describes data. An impl for `()`
/// is alive whoever uses `T`.
pub trait Fields<T: ?Sized> {
    /// Compiled, and never called.
    fn read(data: &T);
}

/// The axum extractors of a handle; nothing without the feature `axum`.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "axum")]
macro_rules! __extractor {
    ($name:literal, [$handle:ty], [$($params:tt)*], [$($bounds:tt)*]) => {
        #[automatically_derived]
        impl<$($params)* __State: ::core::marker::Sync> $crate::__private::axum::FromRequestParts<__State> for $handle
        $($bounds)*
        {
            type Rejection = $crate::MissingSession;

            #[allow(refining_impl_trait)]
            fn from_request_parts(
                __session_parts: &mut $crate::__private::axum::Parts,
                _: &__State,
            ) -> $crate::__private::axum::Extracted<Self> {
                $crate::__private::axum::extract(__session_parts, $name)
            }
        }

        #[automatically_derived]
        impl<$($params)* __State: ::core::marker::Sync> $crate::__private::axum::OptionalFromRequestParts<__State> for $handle
        $($bounds)*
        {
            type Rejection = ::core::convert::Infallible;

            #[allow(refining_impl_trait)]
            fn from_request_parts(
                __session_parts: &mut $crate::__private::axum::Parts,
                _: &__State,
            ) -> $crate::__private::axum::Extracted<::core::option::Option<Self>, ::core::convert::Infallible> {
                $crate::__private::axum::extract_optional(__session_parts)
            }
        }
    };
}

/// The axum extractors of a handle; nothing without the feature `axum`.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "axum"))]
macro_rules! __extractor {
    ($($handle:tt)*) => {};
}
