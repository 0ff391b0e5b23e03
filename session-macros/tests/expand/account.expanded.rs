/// One key a field. [`AccountHandle`] is the session of a request with these keys.
impl Account {
    /// Id of the signed-in user.
    ///
    /// Session key `uid`.
    pub const UID: ::session_runtime::Key<i64> = ::session_runtime::__private::key::<
        i64,
    >(::session_runtime::KeyInfo::new("uid"));
    /// Session key `email`.
    pub const EMAIL: ::session_runtime::Key<String> = ::session_runtime::__private::key::<
        String,
    >(::session_runtime::KeyInfo::new("email"));
    /// Session key `theme`; the type's default where absent.
    pub const THEME: ::session_runtime::Key<Theme> = ::session_runtime::__private::key::<
        Theme,
    >(::session_runtime::KeyInfo::new("theme"));
    /// Session key `notice`; flash: shown once.
    pub const NOTICE: ::session_runtime::Key<String> = ::session_runtime::__private::key::<
        String,
    >(::session_runtime::KeyInfo::new("notice").flash());
    /// Session key `return_to`; expires 15 minutes after it was put.
    pub const RETURN_TO: ::session_runtime::Key<String> = ::session_runtime::__private::key::<
        String,
    >(
        ::session_runtime::KeyInfo::new("return_to")
            .with_ttl(::core::time::Duration::from_secs(900u64)),
    );
}
/** The session of a request with the keys of [`Account`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<AccountHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_uid()?.is_some()`.*/
pub struct AccountHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for AccountHandle {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for AccountHandle {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for AccountHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for AccountHandle {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "AccountHandle"),
        )
    }
}
impl AccountHandle {
    /// The session itself, to which the handle derefs.
    pub fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `uid`: `None` where the session has none.

Id of the signed-in user.

See [`Account::UID`].*/
    #[inline]
    pub fn get_uid(&self) -> ::session_runtime::Result<::core::option::Option<i64>> {
        ::session_runtime::__private::get(&self.session, Account::UID)
    }
    /**Reads `uid`; absent is an error, as a response 401.

Id of the signed-in user.

See [`Account::UID`].*/
    #[inline]
    pub fn require_uid(&self) -> ::session_runtime::Result<i64> {
        ::session_runtime::__private::require(&self.session, Account::UID)
    }
    /**Stores `uid`.

Id of the signed-in user.

See [`Account::UID`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_uid(&self, __session_value: i64) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Account::UID, __session_value)
    }
    /**Removes `uid`: whether it was there.

Id of the signed-in user.

See [`Account::UID`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_uid(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Account::UID)
    }
    /**Reads `email`: `None` where the session has none.

See [`Account::EMAIL`].*/
    #[inline]
    pub fn get_email(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<String>> {
        ::session_runtime::__private::get(&self.session, Account::EMAIL)
    }
    /**Reads `email`; absent is an error, as a response 401.

See [`Account::EMAIL`].*/
    #[inline]
    pub fn require_email(&self) -> ::session_runtime::Result<String> {
        ::session_runtime::__private::require(&self.session, Account::EMAIL)
    }
    /**Stores `email`.

See [`Account::EMAIL`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_email(&self, __session_value: String) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Account::EMAIL, __session_value)
    }
    /**Removes `email`: whether it was there.

See [`Account::EMAIL`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_email(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Account::EMAIL)
    }
    /**Reads `theme`, or its default.

See [`Account::THEME`].*/
    #[inline]
    pub fn get_theme(&self) -> ::session_runtime::Result<Theme> {
        match ::session_runtime::__private::get(&self.session, Account::THEME) {
            ::core::result::Result::Ok(::core::option::Option::Some(__session_value)) => {
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Ok(::core::option::Option::None) => {
                let __session_value: Theme = ::session_runtime::__private::default_of::<
                    Theme,
                >();
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Err(__session_error) => {
                ::core::result::Result::Err(__session_error)
            }
        }
    }
    /**Stores `theme`.

See [`Account::THEME`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_theme(&self, __session_value: Theme) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Account::THEME, __session_value)
    }
    /**Removes `theme`: whether it was there.

See [`Account::THEME`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_theme(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Account::THEME)
    }
    /**Reads `notice`: `None` where the session has none.

See [`Account::NOTICE`].*/
    #[inline]
    pub fn get_notice(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<String>> {
        ::session_runtime::__private::get(&self.session, Account::NOTICE)
    }
    /**Reads `notice`; absent is an error, as a response 401.

See [`Account::NOTICE`].*/
    #[inline]
    pub fn require_notice(&self) -> ::session_runtime::Result<String> {
        ::session_runtime::__private::require(&self.session, Account::NOTICE)
    }
    /**Stores `notice`.

See [`Account::NOTICE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_notice(&self, __session_value: String) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Account::NOTICE,
            __session_value,
        )
    }
    /**Removes `notice`: whether it was there.

See [`Account::NOTICE`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_notice(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Account::NOTICE)
    }
    /**Reads `return_to`: `None` where the session has none.

See [`Account::RETURN_TO`].*/
    #[inline]
    pub fn get_return_to(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<String>> {
        ::session_runtime::__private::get(&self.session, Account::RETURN_TO)
    }
    /**Reads `return_to`; absent is an error, as a response 401.

See [`Account::RETURN_TO`].*/
    #[inline]
    pub fn require_return_to(&self) -> ::session_runtime::Result<String> {
        ::session_runtime::__private::require(&self.session, Account::RETURN_TO)
    }
    /**Stores `return_to`.

See [`Account::RETURN_TO`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_return_to(
        &self,
        __session_value: String,
    ) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Account::RETURN_TO,
            __session_value,
        )
    }
    /**Removes `return_to`: whether it was there.

See [`Account::RETURN_TO`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_return_to(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Account::RETURN_TO)
    }
}
::session_runtime::__extractor! {
    "AccountHandle", [AccountHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for Account {
    type Handle = AccountHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("uid"),
        ::session_runtime::KeyInfo::new("email"),
        ::session_runtime::KeyInfo::new("theme"),
        ::session_runtime::KeyInfo::new("notice").flash(),
        ::session_runtime::KeyInfo::new("return_to")
            .with_ttl(::core::time::Duration::from_secs(900u64)),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 1102135111606423745u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<Account> for () {
    fn read(__session_data: &Account) {
        let _ = &raw const __session_data.uid;
        let _ = &raw const __session_data.email;
        let _ = &raw const __session_data.theme;
        let _ = &raw const __session_data.notice;
        let _ = &raw const __session_data.return_to;
    }
}
const _: () = {
    use ::session_runtime::__private::Unknown as _;
    ::core::assert!(
        ! ::session_runtime::__private::Probe:: < Theme > ::IS_OPTION,
        "the type of `theme` is an `Option` behind another name: write `Option` itself, or the type of its value, `#[session(value = ..)]`"
    );
};
