//! The session under attack, from the outside: what a thief, a curious visitor, a cache in between, a slow request or
//! a failing database can't do. The guide's chapter `security` names the test of each claim.

use super::http::support;

mod at_first_use;
mod corpus;
mod encrypted;
mod keyring;
mod lifetimes;
mod limits;
mod private_keys;
mod revocation;
mod secrets;
mod unavailable;
