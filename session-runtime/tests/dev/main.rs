//! The development page, asked for as browsers, proxies and strangers ask for it.

mod refusals;
mod server;
mod shown;
mod verdicts;
