//! Sessions in a store, from the outside: what a handler sees, what the browser gets, and what the store is asked.

mod exact;
mod outage;
mod owners;
mod polls;
mod renewals;
mod rules;
mod support;
mod trips;
