/// One key a field. [`AccountHandle`] is the session of a request with these keys.
impl Account {
    /// Session key `uid`.
    const UID: crate::web::sessions::Key<i64> = crate::web::sessions::__private::key::<
        i64,
    >(crate::web::sessions::KeyInfo::new("uid"));
}
/** The session of a request with the keys of [`Account`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<AccountHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_uid()?.is_some()`.*/
struct AccountHandle {
    session: crate::web::sessions::Session,
}
#[automatically_derived]
impl ::core::convert::From<crate::web::sessions::Session> for AccountHandle {
    fn from(__session_inner: crate::web::sessions::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for AccountHandle {
    type Target = crate::web::sessions::Session;
    fn deref(&self) -> &crate::web::sessions::Session {
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
    fn session(&self) -> &crate::web::sessions::Session {
        &self.session
    }
    /**Reads `uid`: `None` where the session has none.

See [`Account::UID`].*/
    #[inline]
    fn get_uid(&self) -> crate::web::sessions::Result<::core::option::Option<i64>> {
        crate::web::sessions::__private::get(&self.session, Account::UID)
    }
    /**Reads `uid`; absent is an error, as a response 401.

See [`Account::UID`].*/
    #[inline]
    fn require_uid(&self) -> crate::web::sessions::Result<i64> {
        crate::web::sessions::__private::require(&self.session, Account::UID)
    }
    /**Stores `uid`.

See [`Account::UID`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_uid(&self, __session_value: i64) -> crate::web::sessions::Result<()> {
        crate::web::sessions::__private::put(
            &self.session,
            Account::UID,
            __session_value,
        )
    }
    /**Removes `uid`: whether it was there.

See [`Account::UID`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_uid(&self) -> crate::web::sessions::Result<::core::primitive::bool> {
        crate::web::sessions::__private::del(&self.session, Account::UID)
    }
}
crate::web::sessions::__extractor! {
    "AccountHandle", [AccountHandle], [], []
}
#[automatically_derived]
impl crate::web::sessions::SessionData for Account {
    type Handle = AccountHandle;
    const KEYS: &'static [crate::web::sessions::KeyInfo] = &[
        crate::web::sessions::KeyInfo::new("uid"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 9481202410699343318u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = {
        use crate::web::sessions::__private::Unknown as _;
        crate::web::sessions::__private::max_encoded(
            7usize,
            &[crate::web::sessions::__private::Probe::<i64>::MAX],
        )
    };
}
#[automatically_derived]
#[doc(hidden)]
impl crate::web::sessions::__private::Fields<Account> for () {
    fn read(__session_data: &Account) {
        let _ = &raw const __session_data.uid;
    }
}
