/// One key a field. [`Everything`] is the session of a request with these keys.
impl All {
    /// Session key `all.user`; says whose session this is.
    const USER: ::session_runtime::Key<UserId> = ::session_runtime::__private::key::<
        UserId,
    >(::session_runtime::KeyInfo::new("all.user").owner());
    /// Session key `all.n`; also read from `all.count`, `all.total`.
    const NUMBER: ::session_runtime::Key<u32> = ::session_runtime::__private::key::<
        u32,
    >(
        ::session_runtime::KeyInfo::new("all.n")
            .with_aliases(&["all.count", "all.total"]),
    );
    /// Session key `all.pageNumbers`; `vec![1,2]` where absent; expires 90 seconds after it was put.
    const PAGE_NUMBERS: ::session_runtime::Key<Vec<u8>> = ::session_runtime::__private::key::<
        Vec<u8>,
    >(
        ::session_runtime::KeyInfo::new("all.pageNumbers")
            .with_ttl(::core::time::Duration::from_secs(90u64)),
    );
    /// Session key `all.secretHint`; at most 40 bytes encoded; only in an encrypted cookie.
    const SECRET_HINT: ::session_runtime::Key<String> = ::session_runtime::__private::key::<
        String,
    >(
        ::session_runtime::KeyInfo::new("all.secretHint")
            .with_max_len(40usize)
            .private()
            .with_missing_status(404u16),
    );
    /// Session key `all.token`; the type's default where absent; flash: shown once.
    const TOKEN: ::session_runtime::Key<Token> = ::session_runtime::__private::key::<
        Token,
    >(::session_runtime::KeyInfo::new("all.token").flash());
}
/** The session of a request with the keys of [`All`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<Everything>` is `None` only without one: whether something is in the session, ask its key, such as `get_user()?.is_some()`.*/
struct Everything {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for Everything {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for Everything {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for Everything {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Everything {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "Everything"),
        )
    }
}
impl Everything {
    /// The session itself, to which the handle derefs.
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `all.user`: `None` where the session has none.

See [`All::USER`].*/
    #[inline]
    fn get_user(&self) -> ::session_runtime::Result<::core::option::Option<UserId>> {
        ::session_runtime::__private::get(&self.session, All::USER)
    }
    /**Reads `all.user`; absent is an error, as a response 401.

See [`All::USER`].*/
    #[inline]
    fn require_user(&self) -> ::session_runtime::Result<UserId> {
        ::session_runtime::__private::require(&self.session, All::USER)
    }
    /**Stores `all.user`.

See [`All::USER`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_user(&self, __session_value: UserId) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, All::USER, __session_value)
    }
    /**Removes `all.user`: whether it was there.

See [`All::USER`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_user(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, All::USER)
    }
    /**Reads `all.n`: `None` where the session has none.

See [`All::NUMBER`].*/
    #[inline]
    fn get_number(&self) -> ::session_runtime::Result<::core::option::Option<u32>> {
        ::session_runtime::__private::get(&self.session, All::NUMBER)
    }
    /**Reads `all.n`; absent is an error, as a response 401.

See [`All::NUMBER`].*/
    #[inline]
    fn require_number(&self) -> ::session_runtime::Result<u32> {
        ::session_runtime::__private::require(&self.session, All::NUMBER)
    }
    /**Stores `all.n`.

See [`All::NUMBER`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_number(&self, __session_value: u32) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, All::NUMBER, __session_value)
    }
    /**Removes `all.n`: whether it was there.

See [`All::NUMBER`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_number(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, All::NUMBER)
    }
    /**Reads `all.pageNumbers`, or its default.

See [`All::PAGE_NUMBERS`].*/
    #[inline]
    fn get_page_numbers(&self) -> ::session_runtime::Result<Vec<u8>> {
        match ::session_runtime::__private::get(&self.session, All::PAGE_NUMBERS) {
            ::core::result::Result::Ok(::core::option::Option::Some(__session_value)) => {
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Ok(::core::option::Option::None) => {
                let __session_value: Vec<u8> = vec![1, 2];
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Err(__session_error) => {
                ::core::result::Result::Err(__session_error)
            }
        }
    }
    /**Stores `all.pageNumbers`.

See [`All::PAGE_NUMBERS`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_page_numbers(
        &self,
        __session_value: Vec<u8>,
    ) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            All::PAGE_NUMBERS,
            __session_value,
        )
    }
    /**Removes `all.pageNumbers`: whether it was there.

See [`All::PAGE_NUMBERS`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_page_numbers(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, All::PAGE_NUMBERS)
    }
    /**Reads `all.secretHint`: `None` where the session has none.

See [`All::SECRET_HINT`].*/
    #[inline]
    fn get_secret_hint(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<String>> {
        ::session_runtime::__private::get(&self.session, All::SECRET_HINT)
    }
    /**Reads `all.secretHint`; absent is an error, as a response 404.

See [`All::SECRET_HINT`].*/
    #[inline]
    fn require_secret_hint(&self) -> ::session_runtime::Result<String> {
        ::session_runtime::__private::require(&self.session, All::SECRET_HINT)
    }
    /**Stores `all.secretHint`.

See [`All::SECRET_HINT`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_secret_hint(&self, __session_value: String) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            All::SECRET_HINT,
            __session_value,
        )
    }
    /**Removes `all.secretHint`: whether it was there.

See [`All::SECRET_HINT`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_secret_hint(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, All::SECRET_HINT)
    }
    /**Reads `all.token`, or its default.

See [`All::TOKEN`].*/
    #[inline]
    fn get_token(&self) -> ::session_runtime::Result<Token> {
        match ::session_runtime::__private::get(&self.session, All::TOKEN) {
            ::core::result::Result::Ok(::core::option::Option::Some(__session_value)) => {
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Ok(::core::option::Option::None) => {
                let __session_value: Token = ::session_runtime::__private::default_of::<
                    Token,
                >();
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Err(__session_error) => {
                ::core::result::Result::Err(__session_error)
            }
        }
    }
    /**Stores `all.token`.

See [`All::TOKEN`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_token(&self, __session_value: Token) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, All::TOKEN, __session_value)
    }
    /**Removes `all.token`: whether it was there.

See [`All::TOKEN`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_token(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, All::TOKEN)
    }
}
::session_runtime::__extractor! {
    "Everything", [Everything], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for All {
    type Handle = Everything;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("all.user").owner(),
        ::session_runtime::KeyInfo::new("all.n")
            .with_aliases(&["all.count", "all.total"]),
        ::session_runtime::KeyInfo::new("all.pageNumbers")
            .with_ttl(::core::time::Duration::from_secs(90u64)),
        ::session_runtime::KeyInfo::new("all.secretHint")
            .with_max_len(40usize)
            .private()
            .with_missing_status(404u16),
        ::session_runtime::KeyInfo::new("all.token").flash(),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 344713220578338723u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<All> for () {
    fn read(__session_data: &All) {
        let _ = &raw const __session_data.user;
        let _ = &raw const __session_data.number;
        let _ = &raw const __session_data.page_numbers;
        let _ = &raw const __session_data.secret_hint;
        let _ = &raw const __session_data.token;
        ::session_runtime::__private::standard_option::<Option<UserId>, UserId>();
    }
}
