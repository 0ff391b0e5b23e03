/** The session of a request with the keys of [`Empty`]: a get, put and del for each.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<EmptyHandle>` is `None` only without one: whether something is in the session, ask its key, such as `session().contains("uid")?`.*/
#[allow(
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    clippy::type_repetition_in_bounds
)]
struct EmptyHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
#[allow(deprecated)]
impl ::core::convert::From<::session_runtime::Session> for EmptyHandle {
    fn from(session: ::session_runtime::Session) -> Self {
        Self { session }
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::core::clone::Clone for EmptyHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::core::fmt::Debug for EmptyHandle {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(f, "EmptyHandle"),
        )
    }
}
#[allow(
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    clippy::type_repetition_in_bounds
)]
impl EmptyHandle {
    /// The session itself, for what has no accessor: `renew`, `destroy`, untyped keys.
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
}
::session_runtime::__extractor! {
    "EmptyHandle", [EmptyHandle], [], []
}
#[automatically_derived]
#[allow(deprecated)]
impl ::session_runtime::SessionData for Empty {
    type Handle = EmptyHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[];
    const FINGERPRINT: ::core::primitive::u64 = 14695981039346656037u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = {
        #[allow(unused_imports)]
        use ::session_runtime::__private::Unknown as _;
        ::session_runtime::__private::max_encoded(0usize, &[])
    };
}
#[allow(dead_code, deprecated, unused_imports)]
const _: () = {
    use ::session_runtime::__private::Unknown as _;
    fn read(data: &Empty) {}
};
