//! A visitor with cookies.

use core::fmt;
use core::future::ready;

use http::header::{COOKIE, HeaderMap, HeaderValue};
use http::{Request, Response};
use tower_service::Service;

use super::assertions::{Before, Last};
use super::jar::Jar;
use super::layers::Layers;
use super::request::{oneshot, serve};
use crate::error::{Error, Result};
use crate::record::Record;
use crate::session::Session;

/// A browser of a test: it keeps the cookies of an application over its requests, and says what is in its session. A
/// clone is another browser with the same cookies.
///
/// It is made of a layer: `Visitor::from(&layer)` of a [`SessionLayer`](crate::SessionLayer) or a
/// `StoredSessionLayer`, or of a [`CookieStore`](crate::CookieStore) where the application makes the layer itself. It
/// sends every cookie to every path, and none goes by itself when its time is over: what is too old is for the server
/// to refuse.
///
/// ```
/// # #[cfg(feature = "store")]
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use axum::body::{Body, to_bytes};
/// use axum::http::Request;
/// use axum::{Router, routing::get};
/// use session_runtime::store::MemoryStore;
/// use session_runtime::testing::{self, Visitor};
/// use session_runtime::{Result, Session};
///
/// async fn count(session: Session) -> Result<String> {
///     session.update("visits", |n: Option<u32>| n.unwrap_or(0) + 1)?;
///     Ok(format!("visit {}", session.require::<u32>("visits")?))
/// }
///
/// let layer = testing::layer().with_store(MemoryStore::new())?; // the session is in a store: nothing else changes
/// let app: Router = Router::new().route("/", get(count)).layer(layer.clone());
///
/// let mut ada = Visitor::from(&layer);
/// for expected in ["visit 1", "visit 2"] {
///     let response = ada.send(&app, Request::get("/").body(Body::empty())?).await?;
///     assert_eq!(to_bytes(response.into_body(), 100).await?, expected);
/// }
/// assert_eq!(ada.record().await?.get("visits")?, Some(2));
/// # Ok(())
/// # }
/// # #[cfg(feature = "store")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone)]
pub struct Visitor {
    pub(super) layers: Layers,
    pub(super) jar: Jar,
    /// Of responses that were sent or kept.
    pub(super) last: Option<Last>,
}

impl Visitor {
    pub(super) fn new(layers: Layers) -> Self {
        Self {
            layers,
            jar: Jar::default(),
            last: None,
        }
    }

    /// A visitor whose session holds what `put` puts into it.
    ///
    /// Errors are those of `put`, and of the store where sessions are in one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> session_runtime::Result<()> {
    /// use session_runtime::testing::{self, Visitor};
    ///
    /// let ada = Visitor::with(&testing::layer(), |session| {
    ///     session.put("uid", 7)?;
    ///     session.put("theme", "dark")
    /// })
    /// .await?;
    /// assert_eq!(ada.record().await?.keys(), ["uid", "theme"]);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn with(
        layer: impl Into<Self>,
        put: impl FnOnce(&Session) -> Result<()> + Send,
    ) -> Result<Self> {
        let mut visitor = layer.into();
        visitor.visit(|session| ready(put(&session))).await?;
        Ok(visitor)
    }

    /// A request of this visitor whose handler is `handler`, below the real layer: [`Session::current`] is known, and
    /// what is put is saved. To go on as another, or to call a handler directly.
    ///
    /// An `Err` saves nothing, as a response with a status of 5xx; what the application makes of an error is seen by
    /// [`Visitor::send`]. [`Error::Unavailable`] and the like where the store takes nothing.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> session_runtime::Result<()> {
    /// use session_runtime::testing::{self, Visitor};
    /// use session_runtime::{Result, Session};
    ///
    /// async fn greet(session: Session) -> Result<String> {
    ///     let name: String = session.require("name")?;
    ///     session.put("greeted", true)?;
    ///     Ok(format!("Hello, {name}"))
    /// }
    ///
    /// let mut ada = Visitor::from(&testing::layer());
    /// ada.visit(async |session| session.put("name", "Ada")).await?;
    /// assert_eq!(ada.visit(greet).await?, "Hello, Ada");
    /// assert_eq!(ada.record().await?.get("greeted")?, Some(true));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn visit<T, E, F>(
        &mut self,
        handler: impl FnOnce(Session) -> F + Send,
    ) -> Result<T, E>
    where
        T: Send,
        E: From<Error> + Send,
        F: Future<Output = Result<T, E>> + Send,
    {
        let (answer, head) = serve(&self.layers, self.jar.header(), true, handler).await?;
        self.jar.keep(&head);
        answer
    }

    /// Sends the request, with the visitor's cookies, to an application (an axum `Router`, or any other tower service),
    /// and keeps the cookies of its response.
    ///
    /// Where sessions are in a store, the session is looked at before, for [`Visitor::assert_nothing_set`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use axum::body::Body;
    /// use axum::http::Request;
    /// use axum::{Router, routing::post};
    /// use session_runtime::testing::{self, Visitor};
    /// use session_runtime::{Result, Session};
    ///
    /// async fn sign_in(session: Session) -> Result<()> {
    ///     session.put("uid", 7)
    /// }
    ///
    /// let layer = testing::layer();
    /// let app: Router = Router::new().route("/sign-in", post(sign_in)).layer(layer.clone());
    /// let mut ada = Visitor::from(&layer);
    /// let response = ada.send(&app, Request::post("/sign-in").body(Body::empty())?).await?;
    /// assert_eq!(response.status(), 200);
    /// assert_eq!(ada.record().await?.get("uid")?, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send<S, B, R>(
        &mut self,
        app: &S,
        mut request: Request<B>,
    ) -> Result<Response<R>, S::Error>
    where
        S: Service<Request<B>, Response = Response<R>> + Clone,
    {
        let before = self.look().await;
        if let Some(cookies) = self.jar.header() {
            request.headers_mut().append(COOKIE, cookies);
        }
        let response = oneshot(app.clone(), request).await?;
        self.take(response.headers(), before);
        Ok(response)
    }

    /// The visitor's `Cookie` header; without a value where it has no cookie.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> session_runtime::Result<()> {
    /// use session_runtime::testing::{self, Visitor};
    ///
    /// let ada = Visitor::with(&testing::layer(), |session| session.put("uid", 7)).await?;
    /// assert!(ada.cookie().as_bytes().starts_with(b"__Host-test="));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cookie(&self) -> HeaderValue {
        let empty = const { HeaderValue::from_static("") };
        self.jar.header().unwrap_or(empty)
    }

    /// Keeps the cookies of a response that another client received.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use axum::{body::Body, http::{Request, header::COOKIE}};
    /// # use session_runtime::{Session, testing::{self, Visitor}};
    /// # use tower::ServiceExt;
    /// # let layer = testing::layer();
    /// # let app: axum::Router = axum::Router::new()
    /// #     .route("/", axum::routing::get(async |session: Session| session.put("uid", 7)))
    /// #     .layer(layer.clone());
    /// let mut ada = Visitor::from(&layer);
    /// let request = Request::get("/").header(COOKIE, ada.cookie());
    /// let response = app.oneshot(request.body(Body::empty())?).await?; // or a client over the network
    /// ada.keep(response.headers());
    /// assert_eq!(ada.record().await?.get("uid")?, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub fn keep(&mut self, headers: &HeaderMap) {
        let before = if self.layers.is_stored() {
            Before::Unknown
        } else {
            Before::InTheCookie
        };
        self.take(headers, before);
    }

    fn take(&mut self, headers: &HeaderMap, before: Before) {
        self.jar.keep(headers);
        self.last = Some(Last::new(headers, before));
    }

    /// What the visitor's session holds, as its next request would find it; an empty record where it has none. Reading
    /// a flash from it uses nothing up.
    ///
    /// [`Error::Unavailable`] where the session can't be loaded or judged.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> session_runtime::Result<()> {
    /// use session_runtime::testing::{self, Visitor};
    ///
    /// let ada = Visitor::with(&testing::layer(), |session| session.put("uid", 7)).await?;
    /// assert_eq!(ada.record().await?.get("uid")?, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn record(&self) -> Result<Record> {
        let read = |session: Session| ready(session.record());
        let (record, _head) = serve(&self.layers, self.jar.header(), false, read).await?;
        record
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor")
            .field("layer", &self.layers)
            .finish_non_exhaustive()
    }
}
