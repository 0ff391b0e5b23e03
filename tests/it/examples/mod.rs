//! The examples are what people copy: each is started as a program, driven over the network, and stopped.
//!
//! `quickstart` and `devices` are served by their tests; `inspect` has a folder of its own.

mod devices;
mod pages;
mod program;
mod quickstart;
mod rules;
mod sockets;
mod time;
