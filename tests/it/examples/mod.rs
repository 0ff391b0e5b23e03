//! The examples are what people copy: each is started as a program, driven over the network, and stopped.
//!
//! `quickstart`, `devices` and `inspect` have tests of their own.

mod pages;
mod program;
mod rules;
mod sockets;
mod time;
