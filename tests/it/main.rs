//! What needs the Rust toolchain alone, from the outside: requests go in, responses come out.

// Sessions in cookies and sessions in a store keep the same promises.
#![allow(clippy::duplicate_mod)]

mod config;
/// The derive's lints tests want to be seen.
pub mod derive;
mod docs;
mod examples;
mod format;
mod gorilla;
mod http;
mod inspect;
mod local_path;
mod security;
mod stored;
mod testing;

#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/built.rs"]
mod built;
#[path = "../support/calls.rs"]
mod calls;
#[path = "../support/corpus.rs"]
mod corpus;
#[path = "../support/exchange.rs"]
mod exchange;
#[path = "../support/listening.rs"]
mod listening;
#[path = "../support/put_size.rs"]
mod put_size;
