/// One key a field. [`OldHandle`] is the session of a request with these keys.
impl Old {
    /// Kept for old cookies.
    #[doc(hidden)]
    ///
    /// Session key `uid`.
    #[deprecated(note = "ask the database")]
    const UID: ::session_runtime::Key<i64> = ::session_runtime::__private::key::<
        i64,
    >(::session_runtime::KeyInfo::new("uid"));
}
/** The session of a request with the keys of [`Old`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<OldHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_uid()?.is_some()`.*/
#[deprecated = "use `Account`"]
struct OldHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for OldHandle {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for OldHandle {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for OldHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for OldHandle {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "OldHandle"),
        )
    }
}
impl OldHandle {
    /// The session itself, to which the handle derefs.
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `uid`: `None` where the session has none.

Kept for old cookies.

See [`Old::UID`].*/
    #[doc(hidden)]
    #[deprecated(note = "ask the database")]
    #[inline]
    fn get_uid(&self) -> ::session_runtime::Result<::core::option::Option<i64>> {
        ::session_runtime::__private::get(&self.session, Old::UID)
    }
    /**Reads `uid`; absent is an error, as a response 401.

Kept for old cookies.

See [`Old::UID`].*/
    #[doc(hidden)]
    #[deprecated(note = "ask the database")]
    #[inline]
    fn require_uid(&self) -> ::session_runtime::Result<i64> {
        ::session_runtime::__private::require(&self.session, Old::UID)
    }
    /**Stores `uid`.

Kept for old cookies.

See [`Old::UID`].*/
    #[doc(hidden)]
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[deprecated(note = "ask the database")]
    #[inline]
    fn put_uid(&self, __session_value: i64) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Old::UID, __session_value)
    }
    /**Removes `uid`: whether it was there.

Kept for old cookies.

See [`Old::UID`].*/
    #[doc(hidden)]
    #[doc(alias = "remove")]
    #[deprecated(note = "ask the database")]
    #[inline]
    fn del_uid(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Old::UID)
    }
}
::session_runtime::__extractor! {
    "OldHandle", [OldHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for Old {
    type Handle = OldHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("uid"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 9481202410699343318u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = {
        use ::session_runtime::__private::Unknown as _;
        ::session_runtime::__private::max_encoded(
            7usize,
            &[::session_runtime::__private::Probe::<i64>::MAX],
        )
    };
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<Old> for () {
    fn read(__session_data: &Old) {
        let _ = &raw const __session_data.uid;
    }
}
