//! The derive in a crate that forbids lints: nothing below may allow them again, so the derive must neither trip one nor
//! allow it. That this compiles is the test; `#![forbid]` of all is no easier than of each.
#![forbid(
    dead_code,
    deprecated,
    elided_lifetimes_in_paths,
    missing_docs,
    non_camel_case_types,
    non_local_definitions,
    non_snake_case,
    non_upper_case_globals,
    private_bounds,
    private_interfaces,
    single_use_lifetimes,
    unreachable_pub,
    unsafe_code,
    unused_imports,
    unused_qualifications,
    unused_variables
)]

use session_runtime::{SessionData, assert_disjoint_keys, assert_fingerprint, assert_fits};

/// Used by nobody, with a key of each kind of option.
#[derive(SessionData)]
pub struct Account {
    /// Private, though the struct is not.
    uid: i64,
    /// Optional.
    pub email: Option<String>,
    /// With a default.
    #[session(default)]
    pub dark: bool,
    /// With an expression.
    #[session(default = "en".to_owned(), ttl = "1h", max_len = 10)]
    pub(crate) locale: String,
    /// Once.
    #[session(flash)]
    notice: String,
}

/// Deprecated with all that is in it.
#[deprecated]
#[derive(SessionData)]
#[session(prefix = "old.")]
struct Old {
    uid: Option<i64>,
    itself: Option<std::marker::PhantomData<Self>>,
    #[deprecated]
    #[session(default, flash)]
    gone: std::marker::PhantomData<Self>,
}

/// Generic, and used by nobody.
#[derive(SessionData)]
#[session(prefix = "wizard.")]
pub struct Wizard<Step, const N: usize = 2>
where
    Step: Clone,
{
    step: Step,
    #[session(default)]
    steps: Option<Vec<Step>>,
    bytes: [u8; N],
    started: u64,
}

mod inner {
    /// Of bounded keys.
    #[derive(session_runtime::SessionData)]
    #[session(prefix = "small.")]
    pub(crate) struct Small {
        pub(crate) at: u64,
        pub(super) ok: Option<bool>,
        mark: char,
    }

    mod deep {
        /// Used by nobody.
        #[derive(session_runtime::SessionData)]
        pub(in crate::derive::forbid::inner) struct Narrow {
            pub(super) at: u64,
        }
    }
}

/// No keys.
#[derive(SessionData)]
struct Empty {}

assert_disjoint_keys!(Account, Wizard<u8>, inner::Small, Empty);
assert_fits!(inner::Small, Empty; budget = 100);
assert_fingerprint!(Empty, 0xcbf2_9ce4_8422_2325);

#[test]
fn a_struct_inside_a_function() {
    #[derive(SessionData)]
    struct Local<T> {
        uid: i64,
        item: T,
    }
    assert_eq!(Local::<u8>::KEYS.len(), 2);
}
