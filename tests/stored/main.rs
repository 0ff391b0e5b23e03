//! Sessions in a store, from the outside: what a handler sees, what the browser gets, and what the store is asked. What
//! holds for sessions in cookies too are the same files, told by `kind` where sessions are.

mod kind;
mod server;
#[allow(dead_code)] // What it has is for the tests of `http` too.
#[path = "../http/support.rs"]
mod support;

mod anonymous;
mod committed;
mod ended;
mod exact;
mod feed;
mod given_up;
mod lazy;
mod meanwhile;
mod outage;
mod owners;
mod page;
mod polls;
mod renewals;
mod rules;
mod shown;
mod trips;
