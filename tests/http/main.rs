//! What a program and its visitors see of a session, from the outside: requests go in, responses come out. One module
//! a topic, the topics of the design's "One request, end to end" first.

mod support;

mod caches;
mod concurrency;
mod flash;
mod lifecycle;
mod reach;
mod save;
mod size;
mod times;
mod ttl;
