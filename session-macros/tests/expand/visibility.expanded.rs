/// One key a field. [`LimitedHandle`] is the session of a request with these keys.
impl Limited {
    /// Session key `everywhere`.
    pub const EVERYWHERE: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("everywhere"));
    /// Session key `in_crate`.
    pub(crate) const IN_CRATE: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("in_crate"));
    /// Session key `above`.
    pub(super) const ABOVE: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("above"));
    /// Session key `path`.
    pub(in crate::web) const PATH: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("path"));
    /// Session key `here`.
    const HERE: ::session_runtime::Key<u8> = ::session_runtime::__private::key::<
        u8,
    >(::session_runtime::KeyInfo::new("here"));
}
/** The session of a request with the keys of [`Limited`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<LimitedHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_everywhere()?.is_some()`.*/
pub(crate) struct LimitedHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for LimitedHandle {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for LimitedHandle {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for LimitedHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for LimitedHandle {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "LimitedHandle"),
        )
    }
}
impl LimitedHandle {
    /// The session itself, to which the handle derefs.
    pub(crate) fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `everywhere`: `None` where the session has none.

See [`Limited::EVERYWHERE`].*/
    #[inline]
    pub fn get_everywhere(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, Limited::EVERYWHERE)
    }
    /**Reads `everywhere`; absent is an error, as a response 401.

See [`Limited::EVERYWHERE`].*/
    #[inline]
    pub fn require_everywhere(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, Limited::EVERYWHERE)
    }
    /**Stores `everywhere`.

See [`Limited::EVERYWHERE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_everywhere(&self, __session_value: u8) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Limited::EVERYWHERE,
            __session_value,
        )
    }
    /**Removes `everywhere`: whether it was there.

See [`Limited::EVERYWHERE`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_everywhere(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Limited::EVERYWHERE)
    }
    /**Reads `in_crate`: `None` where the session has none.

See [`Limited::IN_CRATE`].*/
    #[inline]
    pub(crate) fn get_in_crate(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, Limited::IN_CRATE)
    }
    /**Reads `in_crate`; absent is an error, as a response 401.

See [`Limited::IN_CRATE`].*/
    #[inline]
    pub(crate) fn require_in_crate(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, Limited::IN_CRATE)
    }
    /**Stores `in_crate`.

See [`Limited::IN_CRATE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub(crate) fn put_in_crate(
        &self,
        __session_value: u8,
    ) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Limited::IN_CRATE,
            __session_value,
        )
    }
    /**Removes `in_crate`: whether it was there.

See [`Limited::IN_CRATE`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub(crate) fn del_in_crate(
        &self,
    ) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Limited::IN_CRATE)
    }
    /**Reads `above`: `None` where the session has none.

See [`Limited::ABOVE`].*/
    #[inline]
    pub(super) fn get_above(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, Limited::ABOVE)
    }
    /**Reads `above`; absent is an error, as a response 401.

See [`Limited::ABOVE`].*/
    #[inline]
    pub(super) fn require_above(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, Limited::ABOVE)
    }
    /**Stores `above`.

See [`Limited::ABOVE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub(super) fn put_above(
        &self,
        __session_value: u8,
    ) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Limited::ABOVE, __session_value)
    }
    /**Removes `above`: whether it was there.

See [`Limited::ABOVE`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub(super) fn del_above(
        &self,
    ) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Limited::ABOVE)
    }
    /**Reads `path`: `None` where the session has none.

See [`Limited::PATH`].*/
    #[inline]
    pub(in crate::web) fn get_path(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, Limited::PATH)
    }
    /**Reads `path`; absent is an error, as a response 401.

See [`Limited::PATH`].*/
    #[inline]
    pub(in crate::web) fn require_path(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, Limited::PATH)
    }
    /**Stores `path`.

See [`Limited::PATH`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub(in crate::web) fn put_path(
        &self,
        __session_value: u8,
    ) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Limited::PATH, __session_value)
    }
    /**Removes `path`: whether it was there.

See [`Limited::PATH`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub(in crate::web) fn del_path(
        &self,
    ) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Limited::PATH)
    }
    /**Reads `here`: `None` where the session has none.

See [`Limited::HERE`].*/
    #[inline]
    fn get_here(&self) -> ::session_runtime::Result<::core::option::Option<u8>> {
        ::session_runtime::__private::get(&self.session, Limited::HERE)
    }
    /**Reads `here`; absent is an error, as a response 401.

See [`Limited::HERE`].*/
    #[inline]
    fn require_here(&self) -> ::session_runtime::Result<u8> {
        ::session_runtime::__private::require(&self.session, Limited::HERE)
    }
    /**Stores `here`.

See [`Limited::HERE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_here(&self, __session_value: u8) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Limited::HERE, __session_value)
    }
    /**Removes `here`: whether it was there.

See [`Limited::HERE`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_here(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Limited::HERE)
    }
}
::session_runtime::__extractor! {
    "LimitedHandle", [LimitedHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for Limited {
    type Handle = LimitedHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("everywhere"),
        ::session_runtime::KeyInfo::new("in_crate"),
        ::session_runtime::KeyInfo::new("above"),
        ::session_runtime::KeyInfo::new("path"),
        ::session_runtime::KeyInfo::new("here"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 15024064323399968865u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = {
        use ::session_runtime::__private::Unknown as _;
        ::session_runtime::__private::max_encoded(
            51usize,
            &[
                ::session_runtime::__private::Probe::<u8>::MAX,
                ::session_runtime::__private::Probe::<u8>::MAX,
                ::session_runtime::__private::Probe::<u8>::MAX,
                ::session_runtime::__private::Probe::<u8>::MAX,
                ::session_runtime::__private::Probe::<u8>::MAX,
            ],
        )
    };
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<Limited> for () {
    fn read(__session_data: &Limited) {
        let _ = &raw const __session_data.everywhere;
        let _ = &raw const __session_data.in_crate;
        let _ = &raw const __session_data.above;
        let _ = &raw const __session_data.path;
        let _ = &raw const __session_data.here;
    }
}
