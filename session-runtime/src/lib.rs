//! Typed HTTP sessions in one signed or encrypted cookie, for tower and axum.
//!
//! A struct says what a session holds; `#[derive(SessionData)]` makes a typed key and accessors of each field.
//! [`SessionLayer`] gives every request one [`Session`], which all its extractors, clones and tasks share, and which
//! is written to at most one `Set-Cookie` at the response head.
//!
//! ```
//! use axum::{Router, routing::{get, post}};
//! use session_runtime::{CookieStoreConfig, Result, SecretKeys, SessionData, SessionLayer};
//!
//! #[derive(SessionData)]
//! struct Account {
//!     /// Id of the signed-in user.
//!     #[session(owner)]
//!     uid: i64,
//!     #[session(flash)]
//!     notice: String, // shown once
//! }
//!
//! async fn sign_in(account: AccountHandle) -> Result<()> {
//!     account.put_uid(7)?; // after the password was checked
//!     account.put_notice("welcome".to_owned())
//! }
//!
//! async fn me(account: AccountHandle) -> Result<String> {
//!     let uid = account.require_uid()?; // 401 where nobody is signed in
//!     Ok(format!("user {uid} {:?}", account.get_notice()?))
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = SecretKeys::generate()?; // in a service: `SecretKeys::from_env("SESSION_KEY")?`
//! let config = CookieStoreConfig::new("__Host-myapp", key); // named after your application
//! let app: Router = Router::new()
//!     .route("/sign-in", post(sign_in))
//!     .route("/me", get(me))
//!     .layer(SessionLayer::new(config)?.with_data::<Account>()?);
//! # Ok(())
//! # }
//! ```
//!
//! Where to go on: [the guide](guide), from a first app to production. [`SessionData`](derive@SessionData) for every
//! option of the derive, [`Session`] for what a handler can do, [`SessionLayer`] for the middleware,
//! [`CookieStoreConfig`] for the cookie, [`CookieStore`] to open and seal cookies without middleware, [`Revocation`] to
//! refuse sessions that were signed out.
//!
//! What a visitor is never told goes to the log, by the feature `tracing`, which is on by default: cookies that were
//! refused and saves that were dropped. What only the server and the browser together know, such as a `Secure` cookie
//! on an http:// page, is said once a minute, with its cure.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Chapters of features that are off are not there to be linked to. With all features CI denies broken links.
#![cfg_attr(
    not(all(
        feature = "store",
        feature = "config",
        feature = "gorilla",
        feature = "testing"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]

#[doc(hidden)]
pub mod __private;
#[cfg(feature = "axum")]
mod axum;
mod codec;
mod config;
mod context;
mod cookie;
mod data;
#[cfg(feature = "dev")]
pub mod dev;
mod error;
pub mod guide;
mod id;
mod json;
mod key;
mod lifetime;
mod limits;
mod local_path;
mod log;
mod middleware;
mod random;
mod raw;
mod record;
mod request;
mod revocation;
mod session;
#[cfg(feature = "store")]
pub mod store;
mod stripe;
mod sync;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod time;

pub use ::cookie::SameSite;
#[cfg(feature = "config")]
pub use config::ConfigLoader;
#[cfg(feature = "gorilla")]
pub use config::GorillaKeys;
pub use config::{CookieStoreConfig, Place, SecretKeys};
pub use context::{RequestContext, del, get, put};
pub use cookie::{CookieFormat, CookieStore, Envelope, KeyUsage, Keyring};
pub use data::SessionData;
pub use error::{BoxError, ConfigError, Error, MissingSession, Refusal, Result};
pub use id::{ParseIdError, SessionId};
pub use key::{GetKey, Key, KeyInfo, KeyName, PutKey};
pub use lifetime::Lifetime;
pub use local_path::local_path;
pub use middleware::{ResponseFuture, SavePolicy, SessionLayer, SessionService};
#[cfg(feature = "store")]
pub use middleware::{StoredResponseFuture, StoredSessionLayer, StoredSessionService};
pub use record::{KeyDetails, Record};
pub use request::{Counts, RequestStore};
pub use revocation::{Revocation, RevocationList, Verdict};
pub use session::Session;
#[cfg(feature = "derive")]
#[doc = include_str!("../docs/derive.md")]
pub use session_macros::SessionData;

#[cfg(all(doctest, feature = "derive", feature = "axum"))]
#[doc = include_str!("../../README.md")]
struct Readme;
