/// One key a field. [`structHandle`] is the session of a request with these keys.
impl r#struct {
    /// Session key `type`.
    const TYPE: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("type"));
    /// Session key `größe`.
    const GRÖSSE: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("größe"));
    /// Session key `名前`.
    const 名前: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("名前"));
}
/** The session of a request with the keys of [`struct`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<structHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_type()?.is_some()`.*/
struct structHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for structHandle {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for structHandle {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for structHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for structHandle {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "structHandle"),
        )
    }
}
impl structHandle {
    /// The session itself, to which the handle derefs.
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `type`: `None` where the session has none.

See [`struct::TYPE`].*/
    #[inline]
    fn get_type(&self) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, r#struct::TYPE)
    }
    /**Reads `type`; absent is an error, as a response 401.

See [`struct::TYPE`].*/
    #[inline]
    fn require_type(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, r#struct::TYPE)
    }
    /**Stores `type`.

See [`struct::TYPE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_type(&self, __session_value: u8) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, r#struct::TYPE, __session_value)
    }
    /**Removes `type`: whether it was there.

See [`struct::TYPE`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_type(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, r#struct::TYPE)
    }
    /**Reads `größe`: `None` where the session has none.

See [`struct::GRÖSSE`].*/
    #[inline]
    fn get_größe(&self) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, r#struct::GRÖSSE)
    }
    /**Reads `größe`; absent is an error, as a response 401.

See [`struct::GRÖSSE`].*/
    #[inline]
    fn require_größe(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, r#struct::GRÖSSE)
    }
    /**Stores `größe`.

See [`struct::GRÖSSE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_größe(&self, __session_value: u8) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            r#struct::GRÖSSE,
            __session_value,
        )
    }
    /**Removes `größe`: whether it was there.

See [`struct::GRÖSSE`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_größe(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, r#struct::GRÖSSE)
    }
    /**Reads `名前`: `None` where the session has none.

See [`struct::名前`].*/
    #[inline]
    fn get_名前(&self) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, r#struct::名前)
    }
    /**Reads `名前`; absent is an error, as a response 401.

See [`struct::名前`].*/
    #[inline]
    fn require_名前(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, r#struct::名前)
    }
    /**Stores `名前`.

See [`struct::名前`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_名前(&self, __session_value: u8) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            r#struct::名前,
            __session_value,
        )
    }
    /**Removes `名前`: whether it was there.

See [`struct::名前`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_名前(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, r#struct::名前)
    }
}
::session_runtime::__extractor! {
    "structHandle", [structHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for r#struct {
    type Handle = structHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("type"),
        ::session_runtime::KeyInfo::new("größe"),
        ::session_runtime::KeyInfo::new("名前"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 11291571649072931444u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = {
        use ::session_runtime::__private::Unknown as _;
        ::session_runtime::__private::max_encoded(
            29usize,
            &[
                ::session_runtime::__private::Probe::<u8>::MAX,
                ::session_runtime::__private::Probe::<u8>::MAX,
                ::session_runtime::__private::Probe::<u8>::MAX,
            ],
        )
    };
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<r#struct> for () {
    fn read(__session_data: &r#struct) {
        let _ = &raw const __session_data.r#type;
        let _ = &raw const __session_data.größe;
        let _ = &raw const __session_data.名前;
    }
}
