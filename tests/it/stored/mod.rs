//! Sessions in a store, from the outside: what a handler sees, what the browser gets, and what the store is asked. What
//! holds for sessions in cookies too are the same files, told by `kind` where sessions are.

mod kind;
mod server;
#[allow(dead_code)] // What it has is for the tests of `http` too.
#[path = "../../support/mod.rs"]
mod support;

mod anonymous;
#[allow(dead_code)] // Engines with a server use the rest.
#[path = "../../support/claims.rs"]
mod claims;
mod committed;
mod ends;
mod exact;
mod feed;
mod given_up;
mod lazy;
mod meanwhile;
mod nested;
mod outage;
mod owners;
mod page;
mod polls;
mod renewals;
mod rows;
mod shown;
mod three_servers;
mod trips;

// One request, end to end.
#[path = "../http/caches.rs"]
mod caches;
#[path = "../http/clear_site_data.rs"]
mod clear_site_data;
#[path = "../http/concurrency.rs"]
mod concurrency;
#[path = "../http/ended.rs"]
mod ended;
#[path = "../http/errors.rs"]
mod errors;
#[path = "../http/evolution.rs"]
mod evolution;
#[path = "../http/flash.rs"]
mod flash;
#[path = "../http/lifecycle.rs"]
mod lifecycle;
#[path = "../http/nesting.rs"]
mod nesting;
#[path = "../http/outcomes.rs"]
mod outcomes;
#[path = "../http/owner.rs"]
mod owner;
#[path = "../http/reach.rs"]
mod reach;
#[path = "../http/remember.rs"]
mod remember;
#[path = "../http/restart.rs"]
mod restart;
#[path = "../http/save.rs"]
mod save;
#[path = "../http/stack.rs"]
mod stack;
#[path = "../http/supersede.rs"]
mod supersede;
#[path = "../http/times.rs"]
mod times;
#[path = "../http/ttl.rs"]
mod ttl;
#[path = "../http/unfinished.rs"]
mod unfinished;
#[path = "../http/values.rs"]
mod values;

// Under attack.
#[path = "../security/lifetimes.rs"]
mod lifetimes;
#[path = "../security/revocation.rs"]
mod revocation;
#[path = "../security/unavailable.rs"]
mod unavailable;
