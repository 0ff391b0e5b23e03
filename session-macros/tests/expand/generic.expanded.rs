/// One key a field. [`PageHandle`] is the session of a request with these keys.
impl<T: Clone, const N: usize> Page<T, N>
where
    T: Debug,
{
    /// Session key `uid`.
    pub const UID: ::session_runtime::Key<i64> = ::session_runtime::__private::key::<
        i64,
    >(::session_runtime::KeyInfo::new("uid"));
}
impl<T: Clone, const N: usize> Page<T, N>
where
    T: Debug,
    T: ::session_runtime::__private::Value,
{
    /// Session key `item`.
    pub const ITEM: ::session_runtime::Key<T> = ::session_runtime::__private::key::<
        T,
    >(::session_runtime::KeyInfo::new("item"));
}
impl<T: Clone, const N: usize> Page<T, N>
where
    T: Debug,
    Vec<T>: ::session_runtime::__private::Value,
{
    /// Session key `items`; the type's default where absent.
    pub const ITEMS: ::session_runtime::Key<Vec<T>> = ::session_runtime::__private::key::<
        Vec<T>,
    >(::session_runtime::KeyInfo::new("items"));
}
impl<T: Clone, const N: usize> Page<T, N>
where
    T: Debug,
    [u8; N]: ::session_runtime::__private::Value,
{
    /// Session key `bytes`.
    const BYTES: ::session_runtime::Key<[u8; N]> = ::session_runtime::__private::key::<
        [u8; N],
    >(::session_runtime::KeyInfo::new("bytes"));
}
/** The session of a request with the keys of [`Page`]: a get, put and del for each. What else a session can, such as `renew` and `take`, is called on it too: it derefs to the session.

 As an axum extractor it needs a `SessionLayer` around the handler. `Option<PageHandle>` is `None` only without one: whether something is in the session, ask its key, such as `get_uid()?.is_some()`.*/
pub struct PageHandle<T: Clone = String, const N: usize = 4>
where
    T: Debug,
{
    session: ::session_runtime::Session,
    marker: ::core::marker::PhantomData<fn() -> Page<T, N>>,
}
#[automatically_derived]
impl<T: Clone, const N: usize> ::core::convert::From<::session_runtime::Session>
for PageHandle<T, N>
where
    T: Debug,
{
    fn from(__session_inner: ::session_runtime::Session) -> Self {
        Self {
            session: __session_inner,
            marker: ::core::marker::PhantomData,
        }
    }
}
#[automatically_derived]
impl<T: Clone, const N: usize> ::core::ops::Deref for PageHandle<T, N>
where
    T: Debug,
{
    type Target = ::session_runtime::Session;
    fn deref(&self) -> &::session_runtime::Session {
        &self.session
    }
}
#[automatically_derived]
impl<T: Clone, const N: usize> ::core::clone::Clone for PageHandle<T, N>
where
    T: Debug,
{
    fn clone(&self) -> Self {
        Self {
            session: ::core::clone::Clone::clone(&self.session),
            marker: ::core::marker::PhantomData,
        }
    }
}
#[automatically_derived]
impl<T: Clone, const N: usize> ::core::fmt::Debug for PageHandle<T, N>
where
    T: Debug,
{
    fn fmt(&self, __session_f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::DebugStruct::finish_non_exhaustive(
            &mut ::core::fmt::Formatter::debug_struct(__session_f, "PageHandle"),
        )
    }
}
impl<T: Clone, const N: usize> PageHandle<T, N>
where
    T: Debug,
{
    /// The session itself, to which the handle derefs.
    pub fn session(&self) -> &::session_runtime::Session {
        &self.session
    }
    /**Reads `uid`: `None` where the session has none.

See [`Page::UID`].*/
    #[inline]
    pub fn get_uid(&self) -> ::session_runtime::Result<::core::option::Option<i64>> {
        ::session_runtime::__private::get(&self.session, Page::<T, N>::UID)
    }
    /**Reads `uid`; absent is an error, as a response 401.

See [`Page::UID`].*/
    #[inline]
    pub fn require_uid(&self) -> ::session_runtime::Result<i64> {
        ::session_runtime::__private::require(&self.session, Page::<T, N>::UID)
    }
    /**Stores `uid`.

See [`Page::UID`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_uid(&self, __session_value: i64) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Page::<T, N>::UID,
            __session_value,
        )
    }
    /**Removes `uid`: whether it was there.

See [`Page::UID`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_uid(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Page::<T, N>::UID)
    }
}
impl<T: Clone, const N: usize> PageHandle<T, N>
where
    T: Debug,
    T: ::session_runtime::__private::Value,
{
    /**Reads `item`: `None` where the session has none.

See [`Page::ITEM`].*/
    #[inline]
    pub fn get_item(&self) -> ::session_runtime::Result<::core::option::Option<T>> {
        ::session_runtime::__private::get(&self.session, Page::<T, N>::ITEM)
    }
    /**Reads `item`; absent is an error, as a response 401.

See [`Page::ITEM`].*/
    #[inline]
    pub fn require_item(&self) -> ::session_runtime::Result<T> {
        ::session_runtime::__private::require(&self.session, Page::<T, N>::ITEM)
    }
    /**Stores `item`.

See [`Page::ITEM`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_item(&self, __session_value: T) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Page::<T, N>::ITEM,
            __session_value,
        )
    }
    /**Removes `item`: whether it was there.

See [`Page::ITEM`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_item(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Page::<T, N>::ITEM)
    }
}
impl<T: Clone, const N: usize> PageHandle<T, N>
where
    T: Debug,
    Vec<T>: ::session_runtime::__private::Value,
{
    /**Reads `items`, or its default.

See [`Page::ITEMS`].*/
    #[inline]
    pub fn get_items(&self) -> ::session_runtime::Result<Vec<T>>
    where
        Vec<T>: ::core::default::Default,
    {
        match ::session_runtime::__private::get(&self.session, Page::<T, N>::ITEMS) {
            ::core::result::Result::Ok(::core::option::Option::Some(__session_value)) => {
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Ok(::core::option::Option::None) => {
                let __session_value: Vec<T> = ::session_runtime::__private::default_of::<
                    Vec<T>,
                >();
                ::core::result::Result::Ok(__session_value)
            }
            ::core::result::Result::Err(__session_error) => {
                ::core::result::Result::Err(__session_error)
            }
        }
    }
    /**Stores `items`.

See [`Page::ITEMS`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    pub fn put_items(&self, __session_value: Vec<T>) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Page::<T, N>::ITEMS,
            __session_value,
        )
    }
    /**Removes `items`: whether it was there.

See [`Page::ITEMS`].*/
    #[doc(alias = "remove")]
    #[inline]
    pub fn del_items(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Page::<T, N>::ITEMS)
    }
}
impl<T: Clone, const N: usize> PageHandle<T, N>
where
    T: Debug,
    [u8; N]: ::session_runtime::__private::Value,
{
    /**Reads `bytes`: `None` where the session has none.

See [`Page::BYTES`].*/
    #[inline]
    fn get_bytes(&self) -> ::session_runtime::Result<::core::option::Option<[u8; N]>> {
        ::session_runtime::__private::get(&self.session, Page::<T, N>::BYTES)
    }
    /**Reads `bytes`; absent is an error, as a response 401.

See [`Page::BYTES`].*/
    #[inline]
    fn require_bytes(&self) -> ::session_runtime::Result<[u8; N]> {
        ::session_runtime::__private::require(&self.session, Page::<T, N>::BYTES)
    }
    /**Stores `bytes`.

See [`Page::BYTES`].*/
    #[doc(alias = "insert")]
    #[doc(alias = "set")]
    #[inline]
    fn put_bytes(&self, __session_value: [u8; N]) -> ::session_runtime::Result<()> {
        ::session_runtime::__private::put(
            &self.session,
            Page::<T, N>::BYTES,
            __session_value,
        )
    }
    /**Removes `bytes`: whether it was there.

See [`Page::BYTES`].*/
    #[doc(alias = "remove")]
    #[inline]
    fn del_bytes(&self) -> ::session_runtime::Result<::core::primitive::bool> {
        ::session_runtime::__private::del(&self.session, Page::<T, N>::BYTES)
    }
}
::session_runtime::__extractor! {
    "PageHandle", [PageHandle < T, N >], [T : Clone, const N : usize,], [where T :
    Debug,]
}
#[automatically_derived]
impl<T: Clone, const N: usize> ::session_runtime::SessionData for Page<T, N>
where
    T: Debug,
{
    type Handle = PageHandle<T, N>;
    const KEYS: &'static [::session_runtime::KeyInfo] = &[
        ::session_runtime::KeyInfo::new("uid"),
        ::session_runtime::KeyInfo::new("item"),
        ::session_runtime::KeyInfo::new("items"),
        ::session_runtime::KeyInfo::new("bytes"),
    ];
    const FINGERPRINT: ::core::primitive::u64 = 429272409602978746u64;
    const MAX_ENCODED: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;
}
#[automatically_derived]
#[doc(hidden)]
impl<T: Clone, const N: usize> ::session_runtime::__private::Fields<Page<T, N>> for ()
where
    T: Debug,
{
    fn read(__session_data: &Page<T, N>) {
        let _ = &raw const __session_data.uid;
        let _ = &raw const __session_data.item;
        let _ = &raw const __session_data.items;
        let _ = &raw const __session_data.bytes;
        ::session_runtime::__private::standard_option::<Option<Vec<T>>, Vec<T>>();
    }
}
