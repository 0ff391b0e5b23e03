/// One key a field. [`MenuHandle`] is the session of a request with these keys.
impl Menu {
    /// Session key `parent`.
    const PARENT: ::session_runtime::Key<Box<Menu>> = ::session_runtime::__private::key::<
        Box<Menu>,
    >(::session_runtime::KeyInfo::new("parent"));
    /// Session key `children`.
    const CHILDREN: ::session_runtime::Key<Vec<Menu>> = ::session_runtime::__private::key::<
        Vec<Menu>,
    >(::session_runtime::KeyInfo::new("children"));
    /// Session key `counts`.
    const COUNTS: ::session_runtime::Key<[u8; Menu::COUNT]> = ::session_runtime::__private::key::<
        [u8; Menu::COUNT],
    >(::session_runtime::KeyInfo::new("counts"));
}
/** The session of a request with the keys of [`Menu`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<MenuHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_parent()?.is_some()`.*/
struct MenuHandle {
    session: ::session_runtime::Session,
}
#[automatically_derived]
impl ::core::convert::From<::session_runtime::Session> for MenuHandle {
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self { session: __session_inner }
    }
}
#[automatically_derived]
impl ::core::ops::Deref for MenuHandle {
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl ::core::clone::Clone for MenuHandle {
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for MenuHandle {
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "MenuHandle"),
        )
    }
}
impl MenuHandle {
    /// The session itself, to which the handle derefs.
    fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `parent`: `None` where the session has none.

See [`Menu::PARENT`].*/
    #[inline]
    fn get_parent(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<Box<Menu>>> {
        ::session_runtime::__private::get(&self.session, Menu::PARENT)
    }
    /**Reads `parent`; absent is an error, as a response 401.

See [`Menu::PARENT`].*/
    #[inline]
    fn require_parent(&self) -> ::session_runtime::Result<Box<Menu>> {
        ::session_runtime::__private::require(&self.session, Menu::PARENT)
    }
    /**Stores `parent`.

See [`Menu::PARENT`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_parent(&self, __session_value: Box<Menu>) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Menu::PARENT, __session_value)
    }
    /**Removes `parent`: whether it was there.

See [`Menu::PARENT`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_parent(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Menu::PARENT)
    }
    /**Reads `children`: `None` where the session has none.

See [`Menu::CHILDREN`].*/
    #[inline]
    fn get_children(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<Vec<Menu>>> {
        ::session_runtime::__private::get(&self.session, Menu::CHILDREN)
    }
    /**Reads `children`; absent is an error, as a response 401.

See [`Menu::CHILDREN`].*/
    #[inline]
    fn require_children(&self) -> ::session_runtime::Result<Vec<Menu>> {
        ::session_runtime::__private::require(&self.session, Menu::CHILDREN)
    }
    /**Stores `children`.

See [`Menu::CHILDREN`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_children(&self, __session_value: Vec<Menu>) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Menu::CHILDREN, __session_value)
    }
    /**Removes `children`: whether it was there.

See [`Menu::CHILDREN`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_children(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Menu::CHILDREN)
    }
    /**Reads `counts`: `None` where the session has none.

See [`Menu::COUNTS`].*/
    #[inline]
    fn get_counts(
        &self,
    ) -> ::session_runtime::Result<::core::option::Option<[u8; Menu::COUNT]>> {
        ::session_runtime::__private::get(&self.session, Menu::COUNTS)
    }
    /**Reads `counts`; absent is an error, as a response 401.

See [`Menu::COUNTS`].*/
    #[inline]
    fn require_counts(&self) -> ::session_runtime::Result<[u8; Menu::COUNT]> {
        ::session_runtime::__private::require(&self.session, Menu::COUNTS)
    }
    /**Stores `counts`.

See [`Menu::COUNTS`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_counts(
        &self,
        __session_value: [u8; Menu::COUNT],
    ) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(&self.session, Menu::COUNTS, __session_value)
    }
    /**Removes `counts`: whether it was there.

See [`Menu::COUNTS`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_counts(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Menu::COUNTS)
    }
}
::session_runtime::__extractor! {
    "MenuHandle", [MenuHandle], [], []
}
#[automatically_derived]
impl ::session_runtime::SessionData for Menu {
    type Handle = MenuHandle;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("parent"),
        ::session_runtime::KeyInfo::new("children"),
        ::session_runtime::KeyInfo::new("counts"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 17602287935688032599u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;
}
#[automatically_derived]
#[doc(hidden)]
impl ::session_runtime::__private::Fields<Menu> for () {
    fn read(__session_data: &Menu) {
        let _ = &raw const __session_data.parent;
        let _ = &raw const __session_data.children;
        let _ = &raw const __session_data.counts;
        ::session_runtime::__private::standard_option::<Option<Box<Menu>>, Box<Menu>>();
    }
}
const _: () = {
    use ::session_runtime::__private::Unknown as _;
    ::core::assert!(
        ! ::session_runtime::__private::Probe:: < [u8; Menu::COUNT] > ::IS_OPTION,
        "the type of `counts` is an `Option` behind another name: write `Option` itself, or the type of its value, `#[session(value = ..)]`"
    );
};
