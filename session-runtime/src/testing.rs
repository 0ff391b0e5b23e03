//! A kit for the tests of an application: signed-in visitors, what a handler left in a session, other times.
//!
//! A [`Visitor`] is a browser of a test: it keeps cookies, sends requests to the application, and says what is in its
//! session. [`cookie()`] is a signed-in request in one line, [`session`] a [`Session`] without a request, [`Clock`]
//! lets time pass. All run the real layer: make them of a clone of the one that the application has, so that what it
//! signs out is signed out for them too.
//!
//! ```
//! use axum::body::Body;
//! use axum::http::Request;
//! use axum::{Router, routing::{get, post}};
//! use session_runtime::testing::{self, Visitor};
//! use session_runtime::{Result, SessionData, SessionLayer};
//!
//! #[derive(SessionData)]
//! struct Account {
//!     #[session(owner)]
//!     uid: i64,
//!     #[session(flash)]
//!     notice: String,
//! }
//!
//! async fn me(account: AccountHandle) -> Result<String> {
//!     Ok(format!("user {}", account.require_uid()?))
//! }
//!
//! async fn sign_out(account: AccountHandle) -> Result<()> {
//!     account.restart()?;
//!     account.put_notice("Goodbye!".to_owned())
//! }
//!
//! fn app(sessions: SessionLayer) -> Router {
//!     let router = Router::new().route("/me", get(me));
//!     router.route("/sign-out", post(sign_out)).layer(sessions)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sessions = testing::layer(); // or the application's own
//! let app = app(sessions.clone());
//!
//! let mut ada = Visitor::with(&sessions, |session| session.put(Account::UID, 7)).await?;
//! let response = ada.send(&app, Request::get("/me").body(Body::empty())?).await?;
//! assert_eq!(response.status(), 200);
//! ada.assert_nothing_set().await;
//!
//! ada.send(&app, Request::post("/sign-out").body(Body::empty())?).await?;
//! ada.assert_signed_out(Account::UID).await;
//! let record = ada.record().await?;
//! assert_eq!(record.get(Account::NOTICE)?.as_deref(), Some("Goodbye!"));
//! # Ok(())
//! # }
//! ```

mod assertions;
mod clock;
mod jar;
mod layers;
mod refused;
mod request;
mod visitor;

use std::sync::Arc;

pub use clock::Clock;
use http::HeaderValue;
pub use visitor::Visitor;

use crate::config::{CookieStoreConfig, SecretKeys};
use crate::error::Result;
use crate::middleware::SessionLayer;
use crate::request::Entry;
use crate::session::Session;

/// The `Cookie` header of a browser whose session holds what `put` puts into it.
///
/// The layer is one of those that a [`Visitor`] is made of. Errors are those of `put`, and of the store where sessions
/// are in one.
///
/// ```
/// use axum::body::Body;
/// use axum::http::{Request, header::COOKIE};
/// use axum::{Router, routing::get};
/// use session_runtime::{Result, Session, testing};
/// use tower::ServiceExt; // feature `util`: `oneshot`
///
/// async fn me(session: Session) -> Result<String> {
///     Ok(format!("user {}", session.require::<i64>("uid")?))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let layer = testing::layer();
/// let app: Router = Router::new().route("/me", get(me)).layer(layer.clone());
///
/// let cookie = testing::cookie(&layer, |session| session.put("uid", 7)).await?;
/// let request = Request::get("/me").header(COOKIE, cookie).body(Body::empty())?;
/// assert_eq!(app.oneshot(request).await?.status(), 200);
/// # Ok(())
/// # }
/// ```
pub async fn cookie(
    layer: impl Into<Visitor>,
    put: impl FnOnce(&Session) -> Result<()> + Send,
) -> Result<HeaderValue> {
    Ok(Visitor::with(layer, put).await?.cookie())
}

/// A new session outside of a request, to call a handler directly. It follows the layer's rules, such as its size and
/// its `private` keys, lives as long as its last clone, and is saved nowhere.
///
/// [`Session::current`] does not know it: [`Visitor::visit`] calls a handler within a request.
///
/// ```
/// use session_runtime::{Result, SessionData, testing};
///
/// #[derive(SessionData)]
/// struct Account {
///     uid: i64,
/// }
///
/// async fn sign_in(account: AccountHandle) -> Result<&'static str> {
///     account.renew()?;
///     account.put_uid(7)?;
///     Ok("welcome")
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let session = testing::session(&testing::layer());
/// assert_eq!(sign_in(session.of::<Account>()).await?, "welcome");
/// assert_eq!(session.get(Account::UID)?, Some(7));
/// # Ok(())
/// # }
/// ```
pub fn session(layer: impl Into<Visitor>) -> Session {
    Session::new(Arc::new(Entry::outside(layer.into().layers.shared())))
}

/// A layer of cookie sessions under a new key, for tests that need no other. The cookie is `__Host-test`.
///
/// # Panics
///
/// Where the operating system gives no random bytes.
///
/// ```
/// use session_runtime::testing;
///
/// let app: axum::Router = axum::Router::new().layer(testing::layer());
/// ```
#[must_use]
pub fn layer() -> SessionLayer {
    let key = SecretKeys::generate().expect("random bytes of the operating system");
    let config = CookieStoreConfig::new("__Host-test", key);
    SessionLayer::new(config).expect("a configuration of defaults")
}
