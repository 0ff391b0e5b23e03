//! The guide: chapters in the order in which a service needs them. Every block of code is compiled.
//!
//! **Build**
//! 1. [First app](first_app): from `cargo new` to a page that knows its visitor.
//! 2. [Sign-in](sign_in): passwords, messages, "remember me", back to the page that was wanted, sign-out.
//! 3. [Protect routes](protect): a `CurrentUser`, middleware, roles, a password asked again.
//! 4. [Errors](errors): pages for people, JSON for programs, an error type of your own.
//! 5. [Lifetimes](lifetimes): how long a session lives, and what ends it.
//! 6. [Tests](tests): signed-in requests, and what a handler put.
//!
//! **Run**
//!
//! 7. [My session is gone](lost_sessions): causes, signs, cures.
//! 8. [Configuration](configuration): files and the environment.
//! 9. [Production](production): keys, servers, proxies, browsers.
//! 10. [Operations](operations): a store day by day: size, failover, metrics, alerts, moving.
//! 11. [Security](security): threats, and what remains.
//!
//! **Go on**
//!
//! 12. [Sign out everywhere](sign_out): devices, password change.
//! 13. [A front end elsewhere](front_end): CORS, CSRF, OAuth.
//! 14. [Streams and tasks](streams): WebSocket, server-sent events, background work.
//! 15. [Outside of axum](outside_axum).
//! 16. [When a cookie is not enough](stores): sessions in a store.
//!
//! **Come from elsewhere**
//!
//! 17. [From tower-sessions](from_tower_sessions), call by call.
//! 18. [From Go](from_go), with one login for both.
//! 19. [The format](mod@format) of the cookie, for other programs.

#[doc = include_str!("../docs/guide/first_app.md")]
pub mod first_app {}

#[doc = include_str!("../docs/guide/sign_in.md")]
pub mod sign_in {}

#[doc = include_str!("../docs/guide/protect.md")]
pub mod protect {}

#[doc = include_str!("../docs/guide/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/guide/lifetimes.md")]
pub mod lifetimes {}

#[cfg(feature = "testing")]
#[doc = include_str!("../docs/guide/tests.md")]
pub mod tests {}

#[doc = include_str!("../docs/guide/lost_sessions.md")]
pub mod lost_sessions {}

#[cfg(feature = "config")]
#[doc = include_str!("../docs/guide/configuration.md")]
pub mod configuration {}

#[doc = include_str!("../docs/guide/production.md")]
pub mod production {}

#[cfg(all(feature = "store", feature = "postgres"))]
#[doc = include_str!("../docs/guide/operations.md")]
pub mod operations {}

#[doc = include_str!("../docs/guide/security.md")]
pub mod security {}

#[cfg(feature = "store")]
#[doc = include_str!("../docs/guide/sign_out.md")]
pub mod sign_out {}

#[doc = include_str!("../docs/guide/front_end.md")]
pub mod front_end {}

#[doc = include_str!("../docs/guide/streams.md")]
pub mod streams {}

#[doc = include_str!("../docs/guide/outside_axum.md")]
pub mod outside_axum {}

#[cfg(feature = "store")]
#[doc = include_str!("../docs/guide/stores.md")]
pub mod stores {}

#[doc = include_str!("../docs/guide/from_tower_sessions.md")]
pub mod from_tower_sessions {}

#[cfg(feature = "gorilla")]
#[doc = include_str!("../docs/guide/from_go.md")]
pub mod from_go {}

#[doc = include_str!("../docs/guide/format.md")]
pub mod format {}
