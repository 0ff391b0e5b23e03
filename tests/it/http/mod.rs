//! What a program and its visitors see of a session, from the outside: requests go in, responses come out. One module
//! a topic, the topics of the design's "One request, end to end" first.

pub(crate) mod kind;
#[allow(dead_code)] // What it has is for the tests of `security` and `stored` too.
#[path = "../../support/mod.rs"]
pub(crate) mod support;

mod bad_input;
mod caches;
mod chosen;
mod clear_site_data;
mod clocks;
mod concurrency;
mod config;
mod conflict;
mod dropped;
mod ended;
mod errors;
mod evolution;
mod flash;
mod issues;
mod lifecycle;
mod missing_layer;
mod model;
mod nesting;
mod notes;
mod outcomes;
mod owner;
mod places;
mod reach;
mod remember;
mod restart;
mod save;
mod size;
mod slow_readers;
mod stack;
mod supersede;
mod tcp;
mod times;
mod ttl;
mod unfinished;
mod values;
mod warnings;
