//! Sessions in a store, from the outside: what a handler sees, what the browser gets, and what the store is asked. What
//! holds for sessions in cookies too are the same files, told by `kind` where sessions are.

mod kind;
mod server;
#[allow(dead_code)] // What it has is for the tests of `http` too.
#[path = "../http/support.rs"]
mod support;

mod anonymous;
#[path = "../http/caches.rs"]
mod caches;
mod committed;
#[path = "../http/concurrency.rs"]
mod concurrency;
mod ended;
#[path = "../http/errors.rs"]
mod errors;
#[path = "../http/evolution.rs"]
mod evolution;
mod exact;
mod feed;
#[path = "../http/flash.rs"]
mod flash;
mod given_up;
mod lazy;
#[path = "../http/lifecycle.rs"]
mod lifecycle;
#[path = "../security/lifetimes.rs"]
mod lifetimes;
mod meanwhile;
#[path = "../http/nesting.rs"]
mod nesting;
mod outage;
mod owners;
mod page;
mod polls;
#[path = "../http/reach.rs"]
mod reach;
mod renewals;
#[path = "../security/revocation.rs"]
mod revocation;
mod rules;
#[path = "../http/save.rs"]
mod save;
mod shown;
#[path = "../http/supersede.rs"]
mod supersede;
#[path = "../http/times.rs"]
mod times;
mod trips;
#[path = "../http/ttl.rs"]
mod ttl;
#[path = "../security/unavailable.rs"]
mod unavailable;
