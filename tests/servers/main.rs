//! What needs something else running or installed. Each module has a switch, an environment variable: without it a test
//! says in one line that it is left out, and with it an absence is a failure.
//!
//! One module at a time, as in `SESSION_TEST_REDIS=1 cargo test --test servers redis::`: a browser, a build and a failover
//! at once are too much for two cores.

mod engines;
#[path = "../support/exchange.rs"]
#[expect(dead_code, reason = "`it` looks at the page too")]
mod exchange;
mod support;

mod browser;
mod clients;
mod go;
mod nginx;
mod postgres;
mod readme;
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;
