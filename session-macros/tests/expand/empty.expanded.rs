/** The session of a request with the keys of [`Empty`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<EmptyHandle>` is `None` only without one: whether something is in the session, ask its key, such as `contains("uid")?`.*/
struct EmptyHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for EmptyHandle {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for EmptyHandle {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for EmptyHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for EmptyHandle {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "EmptyHandle"),
        )
    }
}
impl EmptyHandle {
    /// The session itself, to which the handle derefs.
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
}
::session_runtime::__extractor! {
    "EmptyHandle", [EmptyHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for Empty {
    type Handle = EmptyHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[];
    const FINGERPRINT: ::core::primitive::u64 = 14695981039346656037u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = {
        use ::session_runtime::__private::Unknown as _;
        ::session_runtime::__private::max_encoded(0usize, &[])
    };
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<Empty> for () {
    fn read(__session_data: &Empty) {}
}
