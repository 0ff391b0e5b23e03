//! What a program and its visitors see of a session, from the outside: requests go in, responses come out. One module
//! a topic, the topics of the design's "One request, end to end" first.

#[path = "../put_size/mod.rs"]
mod put_size;
mod support;

mod bad_input;
mod caches;
mod concurrency;
mod config;
mod errors;
mod evolution;
mod flash;
mod lifecycle;
mod missing_layer;
mod nesting;
mod reach;
mod save;
mod size;
mod supersede;
mod tcp;
mod times;
mod ttl;
mod values;
