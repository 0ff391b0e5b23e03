//! From a request, or what is left of it, to its session; and the free functions that work on any of these.

use std::sync::Arc;

use http::request::Parts;
use http::{Extensions, Request};

use crate::error::{MissingSession, Result};
use crate::key::{GetKey, KeyName, PutKey};
use crate::request::{Entry, RequestKey, current};
use crate::session::Session;

mod sealed {
    pub trait Sealed {}
    impl Sealed for http::Extensions {}
    impl Sealed for http::request::Parts {}
    impl<B> Sealed for http::Request<B> {}
    impl Sealed for crate::Session {}
}

/// What leads to a session: a request, its parts or its extensions, or the session itself.
///
/// ```
/// use session_runtime::{RequestContext, Result};
///
/// fn uid(cx: &impl RequestContext) -> Result<Option<i64>> {
///     cx.session()?.get("uid")
/// }
///
/// let outside = http::Request::new(());
/// assert!(uid(&outside).is_err());
/// ```
pub trait RequestContext: sealed::Sealed {
    /// The session of the request; where its extensions were lost, the one of the request that runs.
    fn session(&self) -> Result<Session, MissingSession>;
}

impl RequestContext for Extensions {
    fn session(&self) -> Result<Session, MissingSession> {
        find(self).ok_or_else(|| MissingSession::new("RequestContext::session()"))
    }
}

impl RequestContext for Parts {
    fn session(&self) -> Result<Session, MissingSession> {
        self.extensions.session()
    }
}

impl<B> RequestContext for Request<B> {
    fn session(&self) -> Result<Session, MissingSession> {
        self.extensions().session()
    }
}

impl RequestContext for Session {
    fn session(&self) -> Result<Session, MissingSession> {
        Ok(self.clone())
    }
}

pub(crate) fn find(extensions: &Extensions) -> Option<Session> {
    entry(extensions).map(Session::new)
}

pub(crate) fn entry(extensions: &Extensions) -> Option<Arc<Entry>> {
    let key = extensions.get::<RequestKey>();
    key.map(|key| Arc::clone(&key.0)).or_else(current)
}

/// [`Session::get`] on the session of a request.
///
/// ```
/// fn greeting<B>(request: &http::Request<B>) -> session_runtime::Result<String> {
///     let uid: Option<i64> = session_runtime::get(request, "uid")?;
///     Ok(format!("hello {uid:?}"))
/// }
/// ```
pub fn get<T>(cx: &impl RequestContext, key: impl GetKey<T>) -> Result<Option<T>> {
    cx.session()?.get(key)
}

/// [`Session::put`] on the session of a request.
///
/// ```
/// fn choose<B>(request: &http::Request<B>, language: &str) -> session_runtime::Result<()> {
///     session_runtime::put(request, "language", language)
/// }
/// ```
pub fn put<T>(cx: &impl RequestContext, key: impl PutKey<T>, value: T) -> Result<()> {
    cx.session()?.put(key, value)
}

/// [`Session::del`] on the session of a request.
///
/// ```
/// fn forget<B>(request: &http::Request<B>) -> session_runtime::Result<()> {
///     let was_chosen = session_runtime::del(request, "language")?;
///     println!("a language was chosen: {was_chosen}");
///     Ok(())
/// }
/// ```
pub fn del(cx: &impl RequestContext, key: impl KeyName) -> Result<bool> {
    cx.session()?.del(key)
}
