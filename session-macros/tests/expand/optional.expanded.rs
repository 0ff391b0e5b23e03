/// One key a field. [`OptionalHandle`] is the session of a request with these keys.
impl Optional {
    /// Session key `short`.
    const SHORT: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("short"));
    /// Session key `long`.
    const LONG: ::session_runtime::Key<String> = ::session_runtime::__private::key::<
        String,
    >(::session_runtime::KeyInfo::new("long"));
    /// Session key `nested`.
    const NESTED: ::session_runtime::Key<Option<u8>> = ::session_runtime::__private::key::<
        Option<u8>,
    >(::session_runtime::KeyInfo::new("nested"));
    /// Session key `alias`.
    const ALIAS: ::session_runtime::Key<Maybe<u8>> = ::session_runtime::__private::key::<
        Maybe<u8>,
    >(::session_runtime::KeyInfo::new("alias"));
}
/** The session of a request with the keys of [`Optional`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<OptionalHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_short()?.is_some()`.*/
struct OptionalHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for OptionalHandle {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for OptionalHandle {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for OptionalHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for OptionalHandle {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "OptionalHandle"),
        )
    }
}
impl OptionalHandle {
    /// The session itself, to which the handle derefs.
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `short`: `None` where the session has none.

See [`Optional::SHORT`].*/
    #[inline]
    fn get_short(&self) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, Optional::SHORT)
    }
    /**Reads `short`; absent is an error, as a response 401.

See [`Optional::SHORT`].*/
    #[inline]
    fn require_short(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, Optional::SHORT)
    }
    /**Stores `short`.

See [`Optional::SHORT`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_short(&self, __session_value: u8) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Optional::SHORT,
            __session_value,
        )
    }
    /**Removes `short`: whether it was there.

See [`Optional::SHORT`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_short(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Optional::SHORT)
    }
    /**Reads `long`: `None` where the session has none.

See [`Optional::LONG`].*/
    #[inline]
    fn get_long(&self) -> ::session_runtime::Result<::core::option::Option<String>> {
        ::session_runtime::__private::get(&self.session, Optional::LONG)
    }
    /**Reads `long`; absent is an error, as a response 401.

See [`Optional::LONG`].*/
    #[inline]
    fn require_long(&self) -> ::session_runtime::Result<String> {
        ::session_runtime::__private::require(&self.session, Optional::LONG)
    }
    /**Stores `long`.

See [`Optional::LONG`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_long(&self, __session_value: String) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Optional::LONG, __session_value)
    }
    /**Removes `long`: whether it was there.

See [`Optional::LONG`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_long(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Optional::LONG)
    }
    /**Reads `nested`: `None` where the session has none.

See [`Optional::NESTED`].*/
    #[inline]
    fn get_nested(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<Option<u8>>> {
        ::session_runtime::__private::get(&self.session, Optional::NESTED)
    }
    /**Reads `nested`; absent is an error, as a response 401.

See [`Optional::NESTED`].*/
    #[inline]
    fn require_nested(&self) -> ::session_runtime::Result<Option<u8>> {
        ::session_runtime::__private::require(&self.session, Optional::NESTED)
    }
    /**Stores `nested`.

See [`Optional::NESTED`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_nested(&self, __session_value: Option<u8>) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Optional::NESTED,
            __session_value,
        )
    }
    /**Removes `nested`: whether it was there.

See [`Optional::NESTED`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_nested(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Optional::NESTED)
    }
    /**Reads `alias`: `None` where the session has none.

See [`Optional::ALIAS`].*/
    #[inline]
    fn get_alias(&self) -> ::session_runtime::Result<::core::option::Option<Maybe<u8>>> {
        ::session_runtime::__private::get(&self.session, Optional::ALIAS)
    }
    /**Reads `alias`; absent is an error, as a response 401.

See [`Optional::ALIAS`].*/
    #[inline]
    fn require_alias(&self) -> ::session_runtime::Result<Maybe<u8>> {
        ::session_runtime::__private::require(&self.session, Optional::ALIAS)
    }
    /**Stores `alias`.

See [`Optional::ALIAS`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_alias(&self, __session_value: Maybe<u8>) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Optional::ALIAS,
            __session_value,
        )
    }
    /**Removes `alias`: whether it was there.

See [`Optional::ALIAS`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_alias(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Optional::ALIAS)
    }
}
::session_runtime::__extractor! {
    "OptionalHandle", [OptionalHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for Optional {
    type Handle = OptionalHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("short"),
        ::session_runtime::KeyInfo::new("long"),
        ::session_runtime::KeyInfo::new("nested"),
        ::session_runtime::KeyInfo::new("alias"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 4478718062062824661u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<Optional> for () {
    fn read(__session_data: &Optional) {
        let _ = &raw const __session_data.short;
        let _ = &raw const __session_data.long;
        let _ = &raw const __session_data.nested;
        let _ = &raw const __session_data.alias;
        ::session_runtime::__private::standard_option::<Option<u8>, u8>();
        ::session_runtime::__private::standard_option::<
            ::std::option::Option<String>,
            String,
        >();
        ::session_runtime::__private::standard_option::<
            Option<Option<u8>>,
            Option<u8>,
        >();
    }
}
const _: () = {
    use ::session_runtime::__private::Unknown as _;
    ::core::assert!(
        ! ::session_runtime::__private::Probe:: < Maybe < u8 > > ::IS_OPTION,
        "the type of `alias` is an `Option` behind another name: write `Option` itself, or the type of its value, `#[session(value = ..)]`"
    );
};
