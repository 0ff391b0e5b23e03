//! The session under attack, from the outside: what a thief, a curious visitor, a cache in between, a slow request or
//! a failing database can't do. The guide's chapter `security` names the test of each claim.

#[path = "../http/kind.rs"]
mod kind;
#[allow(dead_code)] // What it has is for the tests of `http` too.
#[path = "../http/support.rs"]
mod support;

mod encrypted;
mod keyring;
mod lifetimes;
mod limits;
mod nginx;
mod private_keys;
mod revocation;
mod secrets;
mod superseded;
mod unavailable;

/// The cookie with another last character, which keeps its base64 canonical.
fn forged(cookie: &str) -> String {
    let (start, last) = cookie.split_at(cookie.len() - 1);
    let other = if last == "A" { "Q" } else { "A" };
    format!("{start}{other}")
}
