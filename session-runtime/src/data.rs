//! What the derive implements, and the checks that compare several structs before anything runs.

use crate::key::KeyInfo;
use crate::session::Session;

/// A struct that describes what a session holds. Implemented by `#[derive(SessionData)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe session data",
    label = "expected a struct with `#[derive(SessionData)]`",
    note = "it is the struct that is named here, not its handle: `session.of::<Account>()` is an `AccountHandle`"
)]
pub trait SessionData {
    /// The typed view of a session: `AccountHandle` for `Account`.
    type Handle: From<Session>;
    /// Every key of the struct, in the order of its fields.
    const KEYS: &'static [KeyInfo];
    /// FNV-1a 64 over the names, types as written and options of the keys: another number means that sessions
    /// written by other versions of the program may read differently.
    const FINGERPRINT: u64;
    /// The most bytes that the struct's keys can add to the payload, where every field has a bound: their
    /// `"key":value` pairs with commas and deadline entries.
    const MAX_ENCODED: Option<usize>;
}

/// A compile error if two of the structs have a key in common, which names the key and both of them.
///
/// Aliases count. For two structs or more, also of other crates; [`SessionLayer::with_data`] says the same at start-up.
///
/// ```
/// # use session_runtime::{SessionData, assert_disjoint_keys};
/// #[derive(SessionData)]
/// struct Account {
///     uid: i64,
/// }
///
/// #[derive(SessionData)]
/// #[session(prefix = "cart.")]
/// struct Cart {
///     uid: i64,
/// }
///
/// assert_disjoint_keys!(Account, Cart);
/// ```
///
/// [`SessionLayer::with_data`]: crate::SessionLayer::with_data
#[macro_export]
macro_rules! assert_disjoint_keys {
    ($data:ty $(,)?) => {
        ::core::compile_error!("one struct shares no key with another: name two or more");
    };
    ($($data:ty),+ $(,)?) => {
        const _: () = {
            const __SESSION_SHARED: ::core::option::Option<$crate::__private::Message> = $crate::__private::shared_keys(&[
                $((::core::stringify!($data), <$data as $crate::SessionData>::KEYS)),+
            ]);
            if let ::core::option::Option::Some(__session_shared) = &__SESSION_SHARED {
                ::core::panic!("{}", __session_shared.as_str());
            }
        };
    };
}

/// A compile error if the structs together may take more bytes than the budget, or if one has no bound.
///
/// The sum of [`SessionData::MAX_ENCODED`] is compared. A cookie of 4096 bytes has room for
/// `(4096 - name.len()) * 3 / 4 - 66` bytes of data when signed: 3000 for the name `session`.
///
/// ```
/// # use session_runtime::{SessionData, assert_fits};
/// #[derive(SessionData)]
/// struct Account {
///     uid: i64,
///     #[session(max_len = 300)]
///     email: String,
/// }
///
/// assert_fits!(Account; budget = 3000);
/// ```
#[macro_export]
macro_rules! assert_fits {
    ($($data:ty),+ $(,)?; budget = $budget:expr) => {
        const _: () = {
            const __SESSION_EXCESS: ::core::option::Option<$crate::__private::Message> = $crate::__private::too_large(
                &[$((::core::stringify!($data), <$data as $crate::SessionData>::MAX_ENCODED)),+],
                $budget,
            );
            if let ::core::option::Option::Some(__session_excess) = &__SESSION_EXCESS {
                ::core::panic!("{}", __session_excess.as_str());
            }
        };
    };
    ($($data:ty),+ $(,)?) => {
        ::core::compile_error!("a budget is missing: write `assert_fits!(Account, Cart; budget = 3000);`");
    };
}

/// A compile error once the struct's [`SessionData::FINGERPRINT`] is another than the pinned one: a change that other
/// versions of the program may stumble over can't slip in unnoticed.
///
/// Belongs in a test module, so that only tests fail. Start with `0`: the error says the value, and what to consider
/// when it changes.
///
/// ```
/// # use session_runtime::{SessionData, assert_fingerprint};
/// #[derive(SessionData)]
/// struct Account {
///     uid: i64,
/// }
///
/// assert_fingerprint!(Account, 0x8393_ff5b_e54f_c5d6);
/// ```
#[macro_export]
macro_rules! assert_fingerprint {
    ($data:ty, $pinned:expr $(,)?) => {
        const _: () = {
            const __SESSION_CHANGE: ::core::option::Option<$crate::__private::Message> =
                $crate::__private::changed_fingerprint(
                    ::core::stringify!($data),
                    $pinned,
                    <$data as $crate::SessionData>::FINGERPRINT,
                );
            if let ::core::option::Option::Some(__session_change) = &__SESSION_CHANGE {
                ::core::panic!("{}", __session_change.as_str());
            }
        };
    };
}
