::core::compile_error! {
    "there is no option `flahs`: did you mean `flash`?"
}
::core::compile_error! {
    "`15` has no unit: write a whole number and a unit, `s`, `m`, `h` or `d`: `ttl = \"15m\"`"
}
/// One key a field. [`AccountHandle`] is the session of a request with these keys.
impl Account {
    /// Session key `uid`; expires 15 minutes after it was put.
    const UID: ::session_runtime::Key<i64> = ::session_runtime::__private::key::<
        i64,
    >(
        ::session_runtime::KeyInfo::new("uid")
            .with_ttl(::core::time::Duration::from_secs(900u64)),
    );
    /// Session key `locale`; `"en".to_owned()` where absent.
    const LOCALE: ::session_runtime::Key<String> = ::session_runtime::__private::key::<
        String,
    >(::session_runtime::KeyInfo::new("locale"));
}
/** The session of a request with the keys of [`Account`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<AccountHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_uid()?.is_some()`.*/
struct AccountHandle {
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
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `uid`: `None` where the session has none.

See [`Account::UID`].*/
    #[inline]
    fn get_uid(&self) -> ::session_runtime::Result<::core::option::Option<i64>> {
        ::session_runtime::__private::get(&self.session, Account::UID)
    }
    /**Reads `uid`; absent is an error, as a response 401.

See [`Account::UID`].*/
    #[inline]
    fn require_uid(&self) -> ::session_runtime::Result<i64> {
        ::session_runtime::__private::require(&self.session, Account::UID)
    }
    /**Stores `uid`.

See [`Account::UID`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_uid(&self, __session_value: i64) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Account::UID, __session_value)
    }
    /**Removes `uid`: whether it was there.

See [`Account::UID`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_uid(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Account::UID)
    }
    /**Reads `locale`, or its default.

See [`Account::LOCALE`].*/
    #[inline]
    fn get_locale(&self) -> ::session_runtime::Result<String> {
        match ::session_runtime::__private::get(&self.session, Account::LOCALE) {
            ::core::result::Result::Ok(::core::option::Option::Some(__session_value)) => {
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Ok(::core::option::Option::None) => {
                let __session_value: String = "en".to_owned();
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Err(__session_error) => {
                ::core::result::Result::Err(__session_error)
            }
        }
    }
    /**Stores `locale`.

See [`Account::LOCALE`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_locale(&self, __session_value: String) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Account::LOCALE,
            __session_value,
        )
    }
    /**Removes `locale`: whether it was there.

See [`Account::LOCALE`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_locale(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Account::LOCALE)
    }
}
::session_runtime::__extractor! {
    "AccountHandle", [AccountHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for Account {
    type Handle = AccountHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("uid")
            .with_ttl(::core::time::Duration::from_secs(900u64)),
        ::session_runtime::KeyInfo::new("locale"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 1744343224754052252u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<Account> for () {
    fn read(__session_data: &Account) {
        let _ = &raw const __session_data.uid;
        let _ = &raw const __session_data.locale;
    }
}
